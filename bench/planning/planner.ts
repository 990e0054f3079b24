/** A planner on the parts of one machine, whose requests are counted; its renderer answers when it is asked to. */
import { type FleetPlace, openLocalFleet } from '../../cli/local-fleet.ts';
import { readEnvironment } from '../../shared/config/environment.ts';
import { DEFAULT_PLAN_LIMITS } from '../../shared/job/plan-fleet/plan-deps.ts';
import { writeRendering } from '../../shared/job/plan-fleet/rendering-blobs.ts';
import { planFleet } from '../../shared/job/plan-fleet.ts';
import type { Nudge } from '../../shared/job/ports.ts';
import { decodeInput } from '../../shared/render/input.ts';
import { readObjects } from '../../shared/render/read-objects.ts';

export interface Planned {
  readonly ms: number;
  readonly processorMs: number;
  /** Calls by `part.method`. */
  readonly calls: Readonly<Record<string, number>>;
  /** Clusters that were nudged, and renderings that were asked for. */
  readonly clusters: number;
  readonly renderings: number;
}

export interface Planner {
  plan(): Promise<Planned>;
  close(): void;
}

const VERSIONS = { helm: 'helm', kustomize: 'kustomize' };

export function openPlanner(place: FleetPlace): Planner {
  const local = openLocalFleet(place, readEnvironment());
  const calls = new Map<string, number>();
  const parts = {
    ...local,
    state: counting('state', local.state, calls),
    queue: counting('queue', local.queue, calls),
    blobs: counting('blobs', local.blobs, calls),
    notifier: { notify: () => undefined },
    versions: VERSIONS,
    limits: DEFAULT_PLAN_LIMITS,
  };
  const target = { fleet: place.name, branch: place.branch, folder: place.folder };
  return {
    plan: async () => {
      await local.state.wake({ kind: 'fleet', fleet: place.name });
      calls.clear();
      const startedProcessor = process.cpuUsage();
      const startedMs = performance.now();
      const result = await planFleet(parts, target);
      const ms = performance.now() - startedMs;
      const { user, system } = process.cpuUsage(startedProcessor);
      const processorMs = (user + system) / 1_000;
      const status = (await local.state.readFleet(place.name))?.status;
      if (result !== 'done' || status === undefined || status.problems.length > 0) {
        throw new Error(`not planned: ${result} ${JSON.stringify(status?.problems)}`);
      }
      const counted = Object.fromEntries([...calls].sort());
      return { ms, processorMs, calls: counted, ...(await answer(local)) };
    },
    close: () => local.close(),
  };
}

/** Takes all nudges, and renders what was asked for. */
async function answer({ queue, blobs }: ReturnType<typeof openLocalFleet>) {
  const clusters = new Set<string>();
  let renderings = 0;
  for (;;) {
    const deliveries = await queue.receive({ max: 100, visibilityMs: 60_000 });
    if (deliveries.length === 0) return { clusters: clusters.size, renderings };
    for (const delivery of deliveries) {
      const nudge = delivery.body as Nudge;
      await delivery.acknowledge();
      if (nudge.kind === 'cluster') clusters.add(nudge.cluster);
      if (nudge.kind !== 'render') continue;
      renderings += 1;
      const { inputDigest, files } = decodeInput((await blobs.read(nudge.input)) ?? new Uint8Array());
      const objects = [...files].flatMap(([path, content]) => readObjects(new TextDecoder().decode(content), { path }));
      await writeRendering(blobs, { inputDigest, objects, warnings: [] });
    }
  }
}

function counting<Part extends object>(name: string, part: Part, calls: Map<string, number>): Part {
  return new Proxy(part, {
    get: (target, key) => {
      const value: unknown = Reflect.get(target, key);
      if (typeof value !== 'function') return value;
      return (...args: readonly unknown[]) => {
        const call = `${name}.${String(key)}`;
        calls.set(call, (calls.get(call) ?? 0) + 1);
        return value.apply(target, args);
      };
    },
  });
}
