/**
 * How long each page takes with 100 clusters of 50 applications, from request to the last byte over loopback, and how
 * large it is. The store is a real SQLite file, the objects are sealed blobs. Run: `node bench/pages.ts`.
 */
import { sampleFleet } from '../test/e2e/page-sample.ts';
import { servePages } from '../test/e2e/page-state.ts';
import { largeFleet } from './large-fleet.ts';

const TRIES = 21;
const PATHS = [
  '/',
  '/clusters/cluster-007',
  '/clusters/cluster-007/applications/application-11',
  '/drift',
  '/runs',
  '/problems',
];

const pages = await servePages((nowMs) => largeFleet(sampleFleet(nowMs), { clusters: 100, applications: 50 }));
try {
  process.stdout.write('| page | median ms | worst ms | KiB |\n|---|---|---|---|\n');
  for (const path of PATHS) {
    const tookMs: number[] = [];
    let bytes = 0;
    for (let at = 0; at < TRIES; at++) {
      const startMs = performance.now();
      const response = await fetch(new URL(path, pages.url));
      bytes = (await response.arrayBuffer()).byteLength;
      tookMs.push(performance.now() - startMs);
      if (!response.ok) throw new Error(`${path}: ${response.status}`);
    }
    tookMs.sort((a, b) => a - b);
    const median = tookMs[Math.floor(TRIES / 2)]?.toFixed(0);
    process.stdout.write(`| ${path} | ${median} | ${tookMs.at(-1)?.toFixed(0)} | ${(bytes / 1024).toFixed(0)} |\n`);
  }
} finally {
  await pages.close();
}
