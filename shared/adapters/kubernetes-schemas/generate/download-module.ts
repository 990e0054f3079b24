import { execFileSync } from 'node:child_process';
import { tmpdir } from 'node:os';

/** Returns the folder of a Go module, `k8s.io/api@v0.36.3`, brought by the ordinary client. */
export function downloadModule(module: string): string {
  // Outside of any module, so that nothing of this repository's own go.mod is asked for.
  const answer = execFileSync('go', ['mod', 'download', '-json', module], { cwd: tmpdir(), encoding: 'utf8' });
  const { Dir } = JSON.parse(answer);
  if (typeof Dir !== 'string') throw new Error(`go mod download ${module}: it names no folder`);
  return Dir;
}
