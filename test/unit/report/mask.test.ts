import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { KubeObject } from '../../../shared/model/kube-object.ts';
import { isSecretField } from '../../../shared/model/secret-fields.ts';
import { maskChange, maskDrift, maskObject } from '../../../shared/report/mask.ts';

const DEPLOYMENT = { group: 'apps', kind: 'Deployment' };
const SECRET = { group: '', kind: 'Secret' };
const CONFIG_MAP = { group: '', kind: 'ConfigMap' };

test('masks environment variables whose name speaks of a secret', () => {
  const masked = (name: string) => isSecretField(DEPLOYMENT, ['spec', 'containers', 'app', 'env', name, 'value']);

  for (const name of [
    'TOKEN',
    'DB_PASSWORD',
    'dbPasswd',
    'CLIENT_SECRET',
    'API_KEY',
    'KEY',
    'aws-access-key-id',
    'BASIC_AUTH',
    'DSN',
  ]) {
    assert.equal(masked(name), true, name);
  }
  for (const name of ['LOG_LEVEL', 'AUTHOR', 'KEYBOARD', 'PORT', 'HOST']) assert.equal(masked(name), false, name);
});

test('masks where the value of a variable stands, not where it comes from', () => {
  const env = ['spec', 'containers', 'app', 'env', 'TOKEN'];

  assert.equal(isSecretField(DEPLOYMENT, [...env, 'valueFrom', 'secretKeyRef', 'name']), false);
  assert.equal(isSecretField(DEPLOYMENT, [...env, 'name']), false);
});

test('masks keys of a ConfigMap that speak of a secret, and no others', () => {
  assert.equal(isSecretField(CONFIG_MAP, ['data', 'db.password']), true);
  assert.equal(isSecretField(CONFIG_MAP, ['data', 'log.level']), false);
});

test('knows a ConfigMap by its group, and its data by their place', () => {
  assert.equal(isSecretField({ group: 'shop.example', kind: 'ConfigMap' }, ['data', 'token']), false);
  assert.equal(isSecretField({ group: '', kind: 'Service' }, ['data', 'token']), false);
  assert.equal(isSecretField(CONFIG_MAP, ['binaryData', 'token']), true);
  assert.equal(isSecretField(CONFIG_MAP, ['other', 'token']), false);
});

test('masks copies of objects in annotations, those of Pod templates too', () => {
  const copy = 'kubectl.kubernetes.io/last-applied-configuration';

  assert.equal(isSecretField(DEPLOYMENT, ['metadata', 'annotations', copy]), true);
  assert.equal(isSecretField(DEPLOYMENT, ['spec', 'template', 'metadata', 'annotations', copy]), true);
  assert.equal(isSecretField(DEPLOYMENT, ['metadata', 'annotations', 'note']), false);
  assert.equal(isSecretField(DEPLOYMENT, ['spec', copy]), false);
});

test('masks both values if only one of them is secret', () => {
  const masked = { before: '*** (before)', after: '*** (after)' };

  assert.deepEqual(maskChange(DEPLOYMENT, ['spec', 'url'], { before: 'x', after: 'amqp://web:two@mq/' }), masked);
  assert.deepEqual(maskChange(DEPLOYMENT, ['spec', 'url'], { before: 'amqp://web:two@mq/', after: 'x' }), masked);
});

test('masks all data of a core Secret, and nothing of a Secret of another group', () => {
  assert.equal(isSecretField(SECRET, ['data', 'log.level']), true);
  assert.equal(isSecretField(SECRET, ['stringData', 'x']), true);
  assert.equal(isSecretField(SECRET, ['type']), false);
  assert.equal(isSecretField({ group: 'vault.example', kind: 'Secret' }, ['data', 'path']), false);
});

test('masks a URL that holds a password wherever it stands', () => {
  const url = { before: 'amqp://web:one@mq/', after: 'amqp://web:two@mq/' };

  assert.deepEqual(maskChange(DEPLOYMENT, ['spec', 'args', '0'], url), {
    before: '*** (before)',
    after: '*** (after)',
  });
  assert.deepEqual(maskChange(DEPLOYMENT, ['spec', 'url'], { before: 'http://mq:80/a@b', after: undefined }), {
    before: 'http://mq:80/a@b',
    after: undefined,
  });
});

test('says of equal secrets that they are equal by saying nothing of before and after', () => {
  assert.deepEqual(maskChange(SECRET, ['data', 'a'], { before: 'x', after: 'x' }), { before: '***', after: '***' });
  assert.deepEqual(maskChange(SECRET, ['data', 'a'], { before: 'x', after: undefined }), {
    before: '***',
    after: undefined,
  });
});

test('masks a secret value that is empty, zero or false', () => {
  assert.deepEqual(maskChange(SECRET, ['data', 'a'], { before: '', after: undefined }), {
    before: '***',
    after: undefined,
  });
  assert.deepEqual(maskChange(SECRET, ['data', 'a'], { before: 0, after: undefined }), {
    before: '***',
    after: undefined,
  });
});

test('masks a copy and leaves the object as it is', () => {
  const secret: KubeObject = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'db', labels: { a: 'b' } },
    data: { p: 'eA==' },
  };

  assert.deepEqual(maskObject(secret), { ...secret, data: { p: '***' } });
  assert.deepEqual(secret.data, { p: 'eA==' });
});

test('masks variables in lists that nobody keyed', () => {
  const pod: KubeObject = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'p' },
    spec: {
      containers: [
        {
          name: 'app',
          env: [
            { name: 'TOKEN', value: 'x' },
            { name: 'LOG', value: 'on' },
          ],
        },
      ],
    },
  };

  assert.deepEqual(maskObject(pod).spec, {
    containers: [
      {
        name: 'app',
        env: [
          { name: 'TOKEN', value: '***' },
          { name: 'LOG', value: 'on' },
        ],
      },
    ],
  });
});

test('masks drift: what Git wants is before, what was found is after', () => {
  const ref = { ...SECRET, namespace: 'web', name: 'db' };
  const field = { path: 'data[tls.key]', pointer: '/data/tls.key', wanted: 'a', found: 'b', manager: 'kubectl' };

  const { fields } = maskDrift({ ref, application: 'web', kind: 'changed', fields: [field] });

  assert.deepEqual(fields, [{ ...field, wanted: '*** (before)', found: '*** (after)' }]);
});
