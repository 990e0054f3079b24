import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const ROOT = join(import.meta.dirname, '..', '..');

/** Runs the CDK's own command for one stack of what was synthesized, in the terminal. Returns its exit status. */
export function runCdk(command: 'deploy' | 'destroy', stack: string, cdkArguments: readonly string[]): number {
  const cdk = join(dirname(createRequire(import.meta.url).resolve('aws-cdk/package.json')), 'bin', 'cdk');
  const given = [command, '--app', join(ROOT, 'cdk.out'), stack, ...cdkArguments];
  const { status, error } = spawnSync(process.execPath, [cdk, ...given], { cwd: ROOT, stdio: 'inherit' });
  if (error !== undefined) throw error;
  return status ?? 1;
}
