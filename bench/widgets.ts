/**
 * How large the pages are inside CloudWatch, and how long the function takes over a store in memory. Run:
 * `node bench/widgets.ts`; it writes the table into bench/README.md.
 */
import { dashboardWidget } from '../functions/dashboard-widget.ts';
import type { SampleFleet } from '../test/e2e/page-sample.ts';
import { sampleFleet } from '../test/e2e/page-sample.ts';
import { storeFleet } from '../test/e2e/page-state.ts';
import { FakeBlobStore } from '../test/fakes/fake-blob-store.ts';
import { FakeStateStore } from '../test/fakes/fake-state-store.ts';
import { lambdaContext, recordedWorld } from '../test/functions/recorded-world.ts';
import { largeFleet } from './large-fleet.ts';
import { writeSection } from './readme-section.ts';

const NOW_MS = Date.parse('2026-11-21T12:00:00Z');
const PAGES = ['fleet', 'problems', 'drift', 'runs', '/clusters/cluster-007'];
/** A page reads at most so many of a fleet's runs at once. */
const MOST_RUNS = 2_500;

const table = [
  `| fleet | ${PAGES.join(' | ')} |`,
  `|---|${PAGES.map(() => '---').join('|')}|`,
  await rowOf('100 clusters of 50 applications', { clusters: 100, applications: 50 }, asItIs),
  await rowOf('the same, every application in trouble of its own', { clusters: 100, applications: 50 }, inTrouble),
  await rowOf('1,000 clusters of 10, every application in trouble', { clusters: 1_000, applications: 10 }, inTrouble),
].join('\n');
writeSection('widgets', table);
process.stdout.write(`${table}\n`);

async function rowOf(
  name: string,
  size: { readonly clusters: number; readonly applications: number },
  change: (sample: SampleFleet) => SampleFleet,
): Promise<string> {
  const state = new FakeStateStore(NOW_MS);
  const blobs = new FakeBlobStore();
  const sample = change(largeFleet(sampleFleet(NOW_MS), size));
  await storeFleet(state, blobs, { ...sample, runs: sample.runs.slice(0, MOST_RUNS) });
  const action = 'arn:aws:lambda:eu-west-1:123456789012:function:plumbline-acme-fleet-action';
  const world = recordedWorld({
    PLUMBLINE_FLEET: sample.fleet.fleet,
    PLUMBLINE_BRANCH: 'main',
    PLUMBLINE_ACTION_FUNCTION: action,
  });
  const parts = { state, openBlobs: async () => blobs, readRunbook: async () => '' };
  const show = dashboardWidget(() => parts, world);
  const cells = [name];
  for (const page of PAGES) {
    const startedMs = performance.now();
    const html = await show({ page }, lambdaContext());
    const tookMs = performance.now() - startedMs;
    cells.push(`${Math.round(Buffer.byteLength(html) / 1024)} KiB, ${Math.round(tookMs)} ms`);
  }
  return `| ${cells.join(' | ')} |`;
}

function asItIs(sample: SampleFleet): SampleFleet {
  return sample;
}

function inTrouble(sample: SampleFleet): SampleFleet {
  return {
    ...sample,
    clusters: sample.clusters.map((cluster) => ({
      ...cluster,
      applications: cluster.applications.map((status) => ({
        ...status,
        sync: 'out-of-sync',
        health: 'degraded',
        problems: [
          {
            code: 'FieldConflict',
            subject: `ConfigMap/${status.application}/${status.cluster}`,
            act: 'apply',
            wrong: 'another manager holds spec.template.spec.containers, and will not let it go',
            remedy: 'agree on who owns it, or set sync.conflicts: force',
          },
        ],
      })),
    })),
  };
}
