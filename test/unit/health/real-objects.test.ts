import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { assessHealth } from '../../../shared/health/assess.ts';
import { assessAnyKind, assessDeletion, assessUnknownKind } from '../../../shared/health/generic.ts';
import { NOW_MS } from './judge.ts';
import { type RealObject, readRealObjects } from './real-objects.ts';

const SAMPLES = join(import.meta.dirname, 'samples');
const CORPUS = join(import.meta.dirname, '../../../../shared/corpora/health');

const TERMINATING = 'it is being deleted, and gone is what it will be';
const AHEAD = 'kstatus: a status that is about another generation says nothing of this one';
/** Where we say otherwise, and why: `docs/decisions/0018-health.md`. */
const OTHERWISE: Readonly<Record<string, string>> = {
  'apps.kruise.io/AdvancedCronJob/notScheduled.yaml': 'its first time has not come, which is no fault',
  'apps.kruise.io/DaemonSet/degraded.yaml': 'a Pod that is not available yet is waited for, as in every other workload',
  'apps.kruise.io/DaemonSet/no-update-strategy-partition.yaml': 'no node is to run it, and none does',
  'astra.netapp.io/ResticVolumeBackup/degraded.yaml': TERMINATING,
  'batch/CronJob/degraded.yaml':
    'kstatus: its last run says nothing of what was applied; a mended one would wait a night',
  'k8s.keycloak.org/Keycloak/degraded.yaml': AHEAD,
  'kafka.strimzi.io/KafkaBridge/degraded.yaml': TERMINATING,
  'kafka.strimzi.io/KafkaConnect/degraded.yaml': TERMINATING,
  'kafka.strimzi.io/KafkaConnect/healthy.yaml': TERMINATING,
  'kafka.strimzi.io/KafkaConnector/degraded.yaml': TERMINATING,
  'kafka.strimzi.io/KafkaConnector/healthy.yaml': TERMINATING,
  'kubevirt.io/VirtualMachineInstance/suspended_succeeded.yaml': TERMINATING,
  'microgateway.airlock.com/_/degraded_multiple_ancestors.yaml': 'a condition that nobody documents is no refusal',
  'promoter.argoproj.io/ArgoCDCommitStatus/no-applications.yaml': 'its controller says Ready',
  'pxc.percona.com/PerconaXtraDBCluster/paused.yaml': 'paused is known, and is what people asked for',
  'pxc.percona.com/PerconaXtraDBCluster/stopping.yaml': 'stopping is on its way, as in psmdb.percona.com',
  'rabbitmq.com/Exchange/degraded.yaml': AHEAD,
  'work.karmada.io/ClusterResourceBinding/progressing.yaml': 'no YAML: a quoted text is indented less than its key',
};

const judgedOtherwise = (cases: readonly RealObject[]) =>
  cases.filter(({ object, expected }) => object === undefined || assessHealth(object, NOW_MS).health !== expected);

test('judges the copied real objects as Argo CD does, but for those listed', () => {
  const cases = readRealObjects(SAMPLES);

  const otherwise = judgedOtherwise(cases).map(({ path }) => path);

  assert.deepEqual(
    otherwise,
    cases.map(({ path }) => path).filter((path) => path in OTHERWISE),
  );
  assert.ok(cases.length >= 10 && otherwise.length < 2);
});

const notHere = { skip: existsSync(CORPUS) ? false : 'the corpora are not here' };
test('judges 97% of all real objects as Argo CD does, and exactly those listed otherwise', notHere, (t) => {
  const cases = readRealObjects(CORPUS);

  const otherwise = judgedOtherwise(cases).map(({ path }) => path);
  const byAnyKind = cases.filter(({ object, expected }) => object && judgedByAnyKind(object) === expected);

  assert.deepEqual(otherwise.toSorted(), Object.keys(OTHERWISE).toSorted());
  assert.ok(cases.length >= 735);
  assert.ok(otherwise.length <= cases.length * 0.03);
  t.diagnostic(`${cases.length - otherwise.length} of ${cases.length}; ${byAnyKind.length} without rules of their own`);
});

function judgedByAnyKind(object: NonNullable<RealObject['object']>) {
  return (assessDeletion(object) ?? assessAnyKind(object) ?? assessUnknownKind(object)).health;
}

test('never says anything but healthy without a reason', notHere, () => {
  for (const { path, object } of readRealObjects(CORPUS)) {
    if (object === undefined) continue;
    const { health, reason } = assessHealth(object, NOW_MS);
    assert.equal(reason === '', health === 'healthy', path);
    assert.ok(!reason.includes('\n'), path);
  }
});
