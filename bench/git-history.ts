/**
 * How long a commit takes whose repository has a history of 1 GB, and how much memory: the client runs in a process of
 * its own, cold, and reads all files of the head over loopback. The history is packed and does not compress.
 * Run: `node bench/git-history.ts`.
 */
import { execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startGitServer } from '../test/git-server/start-git-server.ts';
import { medianOf } from './median.ts';
import { describeMachine, writeSection } from './readme-section.ts';

const run = promisify(execFile);
const COMMITS = 1_024;
const BYTES_A_COMMIT = 1024 * 1024;
const FILES = 500;
const TRIES = 5;

interface Measured {
  readonly ms: number;
  readonly files: number;
  readonly maxRssMib: number;
}

const startedLoad = loadavg()[0] ?? 0;
const root = await mkdtemp(join(tmpdir(), 'plumbline-history-'));
try {
  const packedMib = await makeHistory(join(root, 'fleet.git'));
  const rows = [];
  for (const [name, filters] of [
    ['version 2, filters', true],
    ['version 2, no filters', false],
  ] as const) {
    const server = await startGitServer({ root, filters });
    const measured: Measured[] = [];
    for (let round = 0; round < TRIES; round += 1) measured.push(await measureClient(`${server.url}/fleet.git`));
    const kib = server.sentBytes() / TRIES / 1024;
    await server.close();
    const ms = medianOf(measured.map((one) => one.ms));
    const rss = Math.max(...measured.map((one) => one.maxRssMib));
    rows.push(
      `| ${name} | ${packedMib.toFixed(0)} MiB | ${kib.toFixed(0)} KiB | ${ms.toFixed(0)} ms | ${rss.toFixed(0)} MiB |`,
    );
  }
  const table = [
    '| server | packed history | fetched | first commit, all files | most memory of the process |',
    '|---|---|---|---|---|',
    ...rows,
  ].join('\n');
  process.stdout.write(`${table}\n`);
  writeSection('git-history', `${describeMachine(startedLoad)}\n\n${table}`);
} finally {
  await rm(root, { recursive: true, force: true });
}

/** Every commit brings a file of noise in place of the last one; the head has small files alone. Returns the size of the pack in MiB. */
async function makeHistory(path: string): Promise<number> {
  await run('git', ['init', '--quiet', '--bare', '--initial-branch=main', path]);
  const importer = spawn(
    'git',
    ['-C', path, '-c', 'core.compression=0', '-c', 'fastimport.unpackLimit=0', 'fast-import', '--quiet'],
    {
      stdio: ['pipe', 'ignore', 'inherit'],
    },
  );
  const write = async (text: string | Buffer): Promise<void> => {
    if (!importer.stdin.write(text)) await once(importer.stdin, 'drain');
  };
  const commit = async (number: number, subject: string): Promise<void> => {
    const who = `Ana <ana@example.com> ${1_700_000_000 + number} +0000`;
    await write(`commit refs/heads/main\ncommitter ${who}\ndata ${subject.length}\n${subject}\n`);
  };
  await commit(0, 'applications');
  for (let file = 0; file < FILES; file += 1) {
    const text = `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: map-${file}}\ndata: {value: "${file * 7919}"}\n`;
    await write(`M 100644 inline apps/app-${file}/map.yaml\ndata ${text.length}\n${text}\n`);
  }
  for (let number = 1; number <= COMMITS; number += 1) {
    await commit(number, 'noise');
    await write(`M 100644 inline noise.bin\ndata ${BYTES_A_COMMIT}\n`);
    await write(randomBytes(BYTES_A_COMMIT));
    await write('\n');
  }
  await commit(COMMITS + 1, 'no noise');
  await write('D noise.bin\n\n');
  importer.stdin.end();
  await once(importer, 'exit');
  const { stdout } = await run('git', ['-C', path, 'count-objects', '-v']);
  return Number(/size-pack: (\d+)/.exec(stdout)?.[1] ?? 0) / 1024;
}

async function measureClient(url: string): Promise<Measured> {
  const { stdout } = await run(process.execPath, [join(import.meta.dirname, 'git-history-client.ts'), url]);
  return JSON.parse(stdout);
}
