/** Reads all files of the head of the repository at the address that it is given, once; says how long and how much memory. */
import { GitHttpSource } from '../shared/adapters/git-http/git-http-source.ts';

const started = performance.now();
const source = new GitHttpSource({ url: process.argv[2] ?? '' });
const snapshot = await source.snapshot((await source.resolve('main')).revision);
const files = await snapshot.list('');
await Promise.all(files.map(({ path }) => snapshot.read(path)));
const ms = performance.now() - started;
const maxRssMib = process.resourceUsage().maxRSS / 1024;
process.stdout.write(JSON.stringify({ ms, files: files.length, maxRssMib }));
