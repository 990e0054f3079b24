import { spawn } from 'node:child_process';
import { delimiter, join } from 'node:path';

/**
 * Runs a script on the given Node, with the checkout's commands first on the PATH, and ends this process as the
 * script ended. SIGTERM and SIGHUP are passed on; SIGINT is not, because a terminal sends it to both.
 */
export function runOnNode(node, root, scriptAndArguments) {
  const path = [join(root, 'node_modules', '.bin'), process.env.PATH].join(delimiter);
  const child = spawn(node, scriptAndArguments, { stdio: 'inherit', env: { ...process.env, PATH: path } });
  process.on('SIGINT', () => {});
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}
