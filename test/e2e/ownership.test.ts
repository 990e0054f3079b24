/** Every way in which others touch an object of ours, on a real API server; the table is in test/e2e/ownership/. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { fieldManagerOf } from '../../shared/config/names.ts';
import type { Change } from '../../shared/model/change.ts';
import type { DriftedField } from '../../shared/model/drift.ts';
import { isJsonObject } from '../../shared/model/json.ts';
import { jsonOf } from '../../shared/model/kube-json.ts';
import type { KubeObject } from '../../shared/model/kube-object.ts';
import { formatRef } from '../../shared/model/object-ref.ts';
import { pathsOfOtherValues } from '../../shared/plan/drifted-paths.ts';
import { claimedFields } from '../../shared/plan/stamp.ts';
import type { OwnershipCase, Verdict } from './ownership/case.ts';
import { configDrift, configStill } from './ownership/config-cases.ts';
import { customResourceDrift, customResourceStill } from './ownership/custom-resource-cases.ts';
import { type ApplicationLab, type ClusterLab, openApplicationLab, openClusterLab } from './ownership/lab.ts';
import { policyCases } from './ownership/policy-cases.ts';
import { workloadDrift } from './ownership/workload-cases.ts';
import { workloadStill } from './ownership/workload-still-cases.ts';

const CASES: readonly OwnershipCase[] = [
  ...workloadDrift,
  ...workloadStill,
  ...configDrift,
  ...configStill,
  ...customResourceDrift,
  ...customResourceStill,
  ...policyCases,
];

let cluster: ClusterLab;
before(async () => {
  cluster = await openClusterLab();
});
after(async () => {
  await cluster.close();
});

describe('an object of ours', { concurrency: 8 }, () => {
  for (const one of CASES) {
    const outcome = { still: 'is left alone', again: 'is applied once more', drift: 'has drifted' }[one.verdict.is];
    test(`${outcome} when ${one.name}`, async () => {
      const lab = await openApplicationLab(cluster);
      try {
        await one.prepare?.(cluster.others, lab.namespace);
        await runCase(one, lab);
      } finally {
        await one.clean?.(cluster.others, lab.namespace);
        await lab.remove();
      }
    });
  }
});

async function runCase(one: OwnershipCase, lab: ApplicationLab): Promise<void> {
  const [subject] = await lab.bringIn(one.objects, one.settings);
  assert.ok(subject);
  await one.settle?.(cluster.others, subject.object);
  assert.equal((await subjectIn(lab, subject.ref)).op, 'keep', 'nothing has happened yet');

  await one.act(cluster.others, subject.object);

  const change = await subjectIn(lab, subject.ref);
  assertVerdict(change, one.verdict);
  if (one.verdict.is === 'still' || (one.verdict.is === 'drift' && one.verdict.heals === false)) return;
  const refused = await lab.carryOut(await lab.plan());
  assert.deepEqual([...refused], []);
  const healed = await subjectIn(lab, subject.ref);
  assert.equal(healed.op, 'keep', 'it is put right');
  assertHolds(healed.live, subject.object, fieldManagerOf(lab.fleet));
}

async function subjectIn(lab: ApplicationLab, ref: Change['ref']): Promise<Change> {
  const { changes } = await lab.plan();
  const change = changes.find((one) => formatRef(one.ref) === formatRef(ref));
  assert.ok(change);
  return change;
}

function assertVerdict(change: Change, verdict: Verdict): void {
  const drift = 'drift' in change ? change.drift : undefined;
  const seen = JSON.stringify({ op: change.op, drift });
  switch (verdict.is) {
    case 'still':
      assert.equal(change.op, 'keep', seen);
      break;
    case 'again':
      assert.deepEqual([change.op, drift], ['update', undefined], seen);
      break;
    case 'drift':
      assert.equal(drift?.kind, verdict.kind ?? 'changed', seen);
      assertField(drift?.fields ?? [], verdict, seen);
  }
}

function assertField(
  fields: readonly DriftedField[],
  { path, manager }: Verdict & { readonly is: 'drift' },
  seen: string,
): void {
  if (path === undefined) return;
  const field = fields.find((one) => one.path === path);
  assert.ok(field, seen);
  if (manager !== undefined) assert.equal(field.manager ?? 'nobody', manager, seen);
}

/** Whatever was done, in the end the cluster has every declared value. */
function assertHolds(live: KubeObject | undefined, desired: KubeObject, fieldManager: string): void {
  assert.ok(live);
  const owned = claimedFields(live, fieldManager);
  assert.ok(isJsonObject(owned));
  if (live.spec === undefined && live.data === undefined) return;
  assert.deepEqual(pathsOfOtherValues({ desired: jsonOf(desired), live: jsonOf(live) }, owned), []);
}
