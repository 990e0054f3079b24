import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { after, before, describe, it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { applicationYaml, type CrashLab, configMapYaml, crashLab, hasStarted, killed } from './crash/crash-lab.ts';
import type { ObjectEvent } from './crash/watch-objects.ts';

const KILLS = 20;
/** About as long as planning, rendering and applying take together, so that kills hit all of it. */
const LONGEST_LIFE_MS = 1_000;
const OBJECTS = 30;

describe('a server that is killed at 20 random points while commits land', () => {
  let lab: CrashLab;
  before(async () => {
    lab = await crashLab();
  });
  after(() => lab.close());

  it('goes on each time, and ends with the last commit applied, each change once, and nothing else touched', async (t) => {
    const seed = Math.floor(Math.random() * 2 ** 31);
    t.diagnostic(`seed ${seed}`);
    const random = randomFrom(seed);
    let server: ChildProcess | undefined;
    let revision = lab.commit({ ...declarations(lab.namespace), ...filesAt(0) });
    server = lab.serve();
    await lab.settled(revision);

    for (let kill = 1; kill <= KILLS; kill += 1) {
      revision = lab.commit(filesAt(kill));
      if (kill > 1 && random() < 0.7) await hasStarted(server);
      await pause(random() * LONGEST_LIFE_MS);
      await killed(server);
      server = lab.serve();
    }
    await lab.settled(revision);
    await killed(server);

    assert.deepEqual(await lab.objects(), wantedAt(KILLS));
    assertEachChangeOnce(lab.watch.events);
  });
});

function declarations(namespace: string): Readonly<Record<string, string>> {
  return {
    'plumbline/first.yaml': applicationYaml('first', { namespace }),
    'plumbline/second.yaml': applicationYaml('second', { namespace }),
  };
}

/** Commit n sets a third of the first application to n, moves `moving-n` into the second and lets `moving-(n-1)` go. */
function filesAt(n: number): Readonly<Record<string, string | undefined>> {
  const names = Array.from({ length: OBJECTS }, (_, i) => i);
  const first = names.map((i) => configMapYaml(`steady-${i}`, String(lastChange(i, n)), i % 3));
  return {
    'apps/first/objects.yaml': first.join(''),
    'apps/second/steady.yaml': configMapYaml('lasting', 'x'),
    [`apps/second/moving-${n}.yaml`]: configMapYaml(`moving-${n}`, String(n)),
    ...(n === 0 ? {} : { [`apps/second/moving-${n - 1}.yaml`]: undefined }),
  };
}

function wantedAt(n: number): Readonly<Record<string, string>> {
  const names = Array.from({ length: OBJECTS }, (_, i) => i);
  return {
    ...Object.fromEntries(names.map((i) => [`steady-${i}`, String(lastChange(i, n))])),
    lasting: 'x',
    [`moving-${n}`]: String(n),
  };
}

/** Object i changes in every third commit. */
function lastChange(i: number, n: number): number {
  return Math.max(0, n - ((n + i) % 3));
}

function assertEachChangeOnce(events: readonly ObjectEvent[]): void {
  const byName = Map.groupBy(events, ({ name }) => name);
  assert.ok(byName.size > OBJECTS, 'the watch saw the objects');
  for (const [name, own] of byName) {
    const values = own.map(({ data }) => Number(data.value === 'x' ? 0 : data.value));
    assert.equal(new Set(own.map(({ uid }) => uid)).size, 1, `${name} was made once`);
    const deletions = own.filter(({ type }) => type === 'DELETED');
    assert.ok(
      deletions.length <= (name.startsWith('moving-') ? 1 : 0),
      `${name} was deleted ${deletions.length} times`,
    );
    const written = own.filter(({ type }) => type !== 'DELETED');
    assert.equal(
      new Set(written.map(({ content }) => content)).size,
      written.length,
      `${name}: ${values} has no change twice`,
    );
    assert.deepEqual(
      values,
      values.toSorted((a, b) => a - b),
      `${name} never goes back to an older commit`,
    );
  }
}

/** Mulberry32: a failing order of events can be had again from its seed. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
