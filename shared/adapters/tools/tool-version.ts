import { spawn } from 'node:child_process';

export type ToolName = 'helm' | 'kubectl';

const VERSION_ARGUMENTS: Readonly<Record<ToolName, readonly string[]>> = {
  helm: ['version', '--template', '{{.Version}}'],
  kubectl: ['version', '--client', '--output', 'json'],
};

/** Returns the version that a binary names: `v4.2.3`. @throws {Error} when it does not run. */
export async function readToolVersion(binary: string, name: ToolName): Promise<string> {
  const printed = await outputOf(binary, VERSION_ARGUMENTS[name]);
  return /v[0-9]+\.[0-9]+\.[0-9]+[-+.0-9A-Za-z]*/.exec(printed)?.[0] ?? 'of unknown version';
}

/** Returns what a command prints. @throws {Error} when it fails. */
export function outputOf(command: string, parameters: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, parameters, { stdio: ['ignore', 'pipe', 'ignore'] });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      output += chunk;
    });
    child.on('error', reject);
    child.on('close', (code) => (code === 0 ? resolve(output) : reject(new Error(`${command}: exit status ${code}`))));
  });
}
