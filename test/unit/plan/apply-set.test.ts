import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import {
  applySetId,
  type ParentContent,
  parentName,
  parentObject,
  readParent,
  unitedKinds,
} from '../../../shared/plan/apply-set.ts';

const CONTENT: ParentContent = {
  fleet: 'demo',
  application: 'web',
  kinds: [
    { group: 'apps', kind: 'Deployment' },
    { group: '', kind: 'ConfigMap' },
    { group: 'apps', kind: 'Deployment' },
  ],
  namespaces: ['web', '', 'plumbline-system', 'api', 'web'],
  settings: {
    prune: false,
    allowDeletionOf: ['Namespace'],
    dependsOn: ['ingress'],
    prunePropagation: 'foreground',
    deletion: 'orphan',
  },
};

test('the id follows KEP-3659, checked by hand against its vector for Secret my-set', () => {
  const byHand = (identity: string) => `applyset-${createHash('sha256').update(identity).digest('base64url')}-v1`;

  assert.equal(byHand('my-set.test.Secret.'), 'applyset-0eFHV8ySqp7XoShsGvyWFQD3s96yqwHmzc4e0HR1dsY-v1');
  assert.equal(applySetId('plumbline-demo.web'), byHand('plumbline-demo.web.plumbline-system.ConfigMap.'));
});

test('no two pairs of fleet and application share a name', () => {
  assert.notEqual(parentName('a-b', 'c'), parentName('a', 'b-c'));
});

test('a parent says what kubectl reads: id, tooling, kinds and namespaces but its own', () => {
  const { metadata } = parentObject(CONTENT);

  assert.equal(metadata.labels?.['applyset.kubernetes.io/id'], applySetId('plumbline-demo.web'));
  assert.equal(metadata.annotations?.['applyset.kubernetes.io/tooling'], 'plumbline/v1');
  assert.equal(metadata.annotations?.['applyset.kubernetes.io/contains-group-kinds'], 'ConfigMap,Deployment.apps');
  assert.equal(metadata.annotations?.['applyset.kubernetes.io/additional-namespaces'], 'api,web');
});

test('what is written is read again', () => {
  const object = parentObject(CONTENT);

  assert.deepEqual(readParent(object), {
    application: 'web',
    id: applySetId('plumbline-demo.web'),
    kinds: [
      { group: '', kind: 'ConfigMap' },
      { group: 'apps', kind: 'Deployment' },
    ],
    namespaces: ['api', 'web'],
    settings: CONTENT.settings,
    object,
  });
});

test('a parent of another tool, of another place or with a forged id is none of ours', () => {
  const object = parentObject(CONTENT);
  const { metadata } = object;
  const withMeta = (change: object) => ({ ...object, metadata: { ...metadata, ...change } });

  assert.equal(
    readParent(
      withMeta({ annotations: { ...metadata.annotations, 'applyset.kubernetes.io/tooling': 'kubectl/v1.36.0' } }),
    ),
    undefined,
  );
  assert.equal(readParent(withMeta({ namespace: 'web' })), undefined);
  assert.equal(readParent(withMeta({ name: 'plumbline-demo.other' })), undefined);
  assert.equal(readParent({ ...object, kind: 'Secret' }), undefined);
});

test('kinds before and after are united, each once', () => {
  const apps = { group: 'apps', kind: 'Deployment' };

  assert.deepEqual(unitedKinds([apps, { group: '', kind: 'Secret' }], [apps]), [apps, { group: '', kind: 'Secret' }]);
});
