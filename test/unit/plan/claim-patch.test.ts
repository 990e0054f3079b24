import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { KubeObject, ManagedFieldsEntry } from '../../../shared/model/kube-object.ts';
import { adoptionPatch, type ClaimOperation, claimPatch, reclaimPatch } from '../../../shared/plan/claim-patch.ts';
import { recordOf } from '../../../shared/plan/stamp.ts';
import { appliedLive, configMap, MANAGER } from './samples.ts';

const KUBECTL: ManagedFieldsEntry = {
  manager: 'kubectl-client-side-apply',
  operation: 'Update',
  fieldsV1: { 'f:data': { '.': {}, 'f:key': {}, 'f:old': {} } },
};
const STATUS: ManagedFieldsEntry = { ...KUBECTL, subresource: 'status' };
const ours = appliedLive(configMap('flags'));

function ownedBy(...managedFields: readonly ManagedFieldsEntry[]): KubeObject {
  return { ...ours, metadata: { ...ours.metadata, managedFields } };
}

function entriesOf(operations: readonly ClaimOperation[]): unknown {
  return operations.find(({ path }) => path === '/metadata/managedFields')?.value;
}

describe('claiming', () => {
  test('moves fields from others to our entry, and an entry without fields goes', () => {
    const [entry] = ours.metadata.managedFields ?? [];
    assert.ok(entry);
    const other = { manager: 'mesh', operation: 'Update' as const, fieldsV1: { 'f:data': { 'f:mesh': {} } } };

    const operations = claimPatch(ownedBy(entry, other), { 'f:data': { 'f:mesh': {} } }, MANAGER);

    assert.deepEqual(entriesOf(operations), [{ ...entry, fieldsV1: { 'f:data': { 'f:key': {}, 'f:mesh': {} } } }]);
  });

  test('is refused by the API server when someone wrote in between', () => {
    assert.deepEqual(claimPatch(ours, { 'f:data': {} }, MANAGER).at(-1), {
      op: 'replace',
      path: '/metadata/resourceVersion',
      value: '1',
    });
  });

  test('needs an entry of ours', () => {
    assert.deepEqual(claimPatch(ownedBy(KUBECTL), { 'f:data': {} }, MANAGER), []);
  });
});

describe('adopting', () => {
  test('makes everything that the tool set ours, but what it wrote through a subresource', () => {
    const operations = adoptionPatch(ownedBy(KUBECTL, STATUS), { adopt: ['kubectl'], marks: undefined }, MANAGER);

    assert.deepEqual(entriesOf(operations), [{ ...KUBECTL, manager: MANAGER, operation: 'Apply' }, STATUS]);
  });

  test('leaves alone the objects of other tools, and what is ours already', () => {
    assert.deepEqual(adoptionPatch(ownedBy(KUBECTL), { adopt: ['helm'], marks: undefined }, MANAGER), []);
    assert.deepEqual(
      adoptionPatch(
        ownedBy(...(ours.metadata.managedFields ?? []), KUBECTL),
        { adopt: ['any'], marks: undefined },
        MANAGER,
      ),
      [],
    );
    assert.deepEqual(adoptionPatch(ownedBy(STATUS), { adopt: ['any'], marks: undefined }, MANAGER), []);
  });
});

describe('taking back', () => {
  const record = recordOf(ours, { application: 'web', digest: 'd', crd: undefined }, MANAGER);

  test('gives us what the record says we had, and others keep the rest', () => {
    const operations = reclaimPatch(ownedBy(KUBECTL), record, MANAGER);

    assert.deepEqual(entriesOf(operations), [
      {
        manager: MANAGER,
        operation: 'Apply',
        apiVersion: 'v1',
        fieldsType: 'FieldsV1',
        fieldsV1: { 'f:data': { 'f:key': {} } },
      },
      { ...KUBECTL, fieldsV1: { 'f:data': { '.': {}, 'f:old': {} } } },
    ]);
  });

  test('is done where our entry is lost, and only with a record', () => {
    assert.deepEqual(reclaimPatch(ours, record, MANAGER), []);
    assert.deepEqual(reclaimPatch(ownedBy(KUBECTL), undefined, MANAGER), []);
  });
});
