import { spawn } from 'node:child_process';
import { once } from 'node:events';

/**
 * Runs a script in a process of its own, so that what one measurement compiled and allocated helps no
 * other, and returns the JSON that it prints.
 */
export async function runJson(scriptPath: string, scriptArguments: readonly string[]): Promise<unknown> {
  const child = spawn(process.execPath, [scriptPath, ...scriptArguments], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [output, [code]] = await Promise.all([child.stdout.toArray(), once(child, 'exit')]);
  if (code !== 0) throw new Error(`${scriptPath} ended with ${code}`);
  return JSON.parse(Buffer.concat(output).toString());
}
