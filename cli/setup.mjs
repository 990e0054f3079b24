/**
 * Brings a checkout to the state that the lock file describes: packages by npm, and a Node that runs our
 * TypeScript. Plain JavaScript without dependencies for Node 20 or newer, because it runs before anything is installed.
 * A stamp file inside node_modules says for which lock file that was done; who removes the folder removes it too.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** First major version that runs our TypeScript as it stands: the Lambda runtime nodejs24.x. */
export const NODE_MAJOR = 24;

/** A set-up step that failed; the message is whole and meant for people. */
export class SetupError extends Error {}

/**
 * Returns the path of the Node to run on. Silent and quick (one file read and hashed) when everything is there;
 * otherwise installs, with progress on stderr.
 * @throws {SetupError}
 */
export function ensureSetup(root) {
  const lockPath = join(root, 'package-lock.json');
  const stampPath = join(root, 'node_modules', '.plumbline-setup.json');
  const lock = createHash('sha256').update(readFileSync(lockPath)).digest('hex');
  const stamp = readStamp(stampPath);
  if (stamp?.lock === lock && existsSync(stamp.node)) return stamp.node;

  if (stamp?.lock !== lock) installPackages(root, stamp === undefined ? 'first run' : 'the lock file has changed');
  const node = findNode(root);
  writeFileSync(stampPath, `${JSON.stringify({ lock, node })}\n`);
  return node;
}

function readStamp(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined; // Missing or damaged: both mean that we install.
  }
}

function installPackages(root, reason) {
  const started = performance.now();
  process.stderr.write(`Setting up (${reason}): installing the locked packages, up to a minute ...\n`);
  // Not `npm ci`: it refuses a lock file that lacks optional packages of other platforms, and ours was resolved where
  // the registry has none of them. --no-save: install what is locked, write nothing. Under Node 20 npm would warn of
  // packages that want a newer one; they will run on the Node installed here.
  const args = ['install', '--no-save', '--no-audit', '--no-fund', '--loglevel=error'];
  const { status, error } = spawnSync('npm', args, {
    cwd: root,
    stdio: ['inherit', 2, 2],
    shell: process.platform === 'win32',
  });
  if (error !== undefined) {
    throw new SetupError(`setup: npm install: ${error.message}; install npm (it comes with Node) and try again`);
  }
  if (status !== 0) {
    throw new SetupError(
      `setup: npm install: exit status ${status}, its own message stands above; check that npm reaches its registry, then try again`,
    );
  }
  process.stderr.write(`Set up in ${((performance.now() - started) / 1000).toFixed(1)} s.\n`);
}

/** The locked Node where npm has one that runs here (not on musl, for one), else the present one if it is new enough. */
function findNode(root) {
  const locked = join(root, 'node_modules', '.bin', 'node');
  for (const candidate of [locked, process.execPath]) {
    const { stdout } = spawnSync(candidate, ['--version'], { encoding: 'utf8' });
    if (Number(/^v(\d+)\./.exec(stdout ?? '')?.[1] ?? 0) >= NODE_MAJOR) return candidate;
  }
  throw new SetupError(
    `setup: find Node ${NODE_MAJOR}: npm has none for ${process.platform} ${process.arch} that runs here, and this is Node ${process.versions.node}; install Node ${NODE_MAJOR} or newer and try again`,
  );
}
