/**
 * What a wrong commit does to a fleet, through the whole loop and on a real cluster: it is told with what to change, what
 * is good goes on, nothing is deleted, and the next good commit mends it.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { sharedCluster } from '../controlplane/shared-cluster.ts';
import type { BadCase } from './bad-input/bad-case.ts';
import { type BadInputLab, badInputLab, type SeenObjects, type SeenStatus } from './bad-input/bad-input-lab.ts';
import { CLUSTER_CASES } from './bad-input/cluster-cases.ts';
import { DECLARATION_CASES } from './bad-input/declaration-cases.ts';
import { changedFiles, firstFiles } from './bad-input/fleet-files.ts';
import { RENDERING_CASES } from './bad-input/rendering-cases.ts';

const CASES = [...DECLARATION_CASES, ...RENDERING_CASES, ...CLUSTER_CASES];

/** What of the wrong commit arrives all the same. */
const CHANGED: Readonly<Record<BadCase['holds'], readonly string[]>> = {
  fleet: [],
  both: [],
  application: ['other'],
  object: ['other', 'web'],
};

/** The files of `web` that the case makes up its own way. */
const webFiles = ({ web }: BadCase, value: string) => web?.(value) ?? {};

describe('a commit with a mistake', { concurrency: 4 }, () => {
  for (const one of CASES) {
    it(`${one.name}: says what to change, loses nothing, and is mended by the next commit`, async (t) => {
      const cluster = await sharedCluster();
      const lab = await badInputLab();
      t.after(() => lab.close());
      const first = { ...firstFiles({ cluster, namespace: lab.namespace }), ...webFiles(one, '1') };

      const good = await lab.bring('good', first);
      const before = await lab.objects(cluster);
      const bad = await lab.bring('bad', { ...changedFiles('2'), ...webFiles(one, '2'), ...one.bad });
      const during = await lab.objects(cluster);
      const again = await lab.look();
      const later = await lab.objects(cluster);
      const undone = Object.fromEntries(Object.keys(one.bad).map((path) => [path, first[path]]));
      const mended = await lab.bring('mended', { ...undone, ...changedFiles('3'), ...webFiles(one, '3') });
      const after = await lab.objects(cluster);

      assert.deepEqual(good.problems, []);
      assertTold(one, lab, bad);
      assertTold(one, lab, again);
      assertKept(one, before, during);
      assert.deepEqual(later, during, 'a sweep changes nothing');
      assertMended(mended, before, after);
    });
  }
});

function assertTold({ code, says, holds }: BadCase, { namespace }: BadInputLab, seen: SeenStatus): void {
  const { fleet, clusters, applications } = seen;
  const told = seen.problems.map((problem) => problem.replace(/(?<=--refusal )[0-9a-f]{8,}/, 'DIGEST'));
  assert.deepEqual(told, [`${code} ${says.replaceAll('NAMESPACE', namespace)}`]);
  assert.equal(fleet.head?.subject, 'bad');
  if (holds === 'fleet') {
    assert.equal(fleet.problems.length, 1);
    assert.equal(fleet.planned?.subject, 'good');
    return;
  }
  assert.equal(fleet.planned?.subject, 'bad');
  assert.deepEqual(fleet.problems, []);
  assert.equal(clusters.target?.sync, 'out-of-sync');
  assert.equal(applications['target/web']?.sync, 'out-of-sync');
  assert.deepEqual(applications['target/web']?.problems, clusters.target?.problems);
}

/** `*-old` is what the commit lets go of: nothing is deleted while anything is wrong. */
function assertKept({ holds }: BadCase, before: SeenObjects, during: SeenObjects): void {
  const changes = CHANGED[holds];
  assert.deepEqual(Object.keys(during), Object.keys(before));
  for (const [name, object] of Object.entries(during)) {
    if (!changes.includes(name)) assert.deepEqual(object, before[name], `${name} is not touched`);
    else assert.deepEqual([object.value, object.uid], ['2', before[name]?.uid], `${name} is brought in`);
  }
}

function assertMended(seen: SeenStatus, before: SeenObjects, after: SeenObjects): void {
  assert.deepEqual(seen.problems, []);
  assert.equal(seen.fleet.planned?.subject, 'mended');
  assert.deepEqual([seen.clusters.target?.sync, seen.clusters.target?.failures], ['synced', 0]);
  assert.deepEqual(
    Object.keys(after),
    Object.keys(before).filter((name) => !name.endsWith('-old')),
  );
  for (const [name, { value, uid }] of Object.entries(after)) {
    assert.equal(uid, before[name]?.uid, `${name} was never deleted`);
    if (name === 'web' || name === 'other') assert.equal(value, '3');
  }
}
