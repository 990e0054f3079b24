import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ApiRefusal } from '../../../shared/model/api-refusal.ts';
import type { KubeObject } from '../../../shared/model/kube-object.ts';
import { hideSecrets } from '../../../shared/plan/hide-secrets.ts';

const refusal = (message: string): ApiRefusal => ({
  status: 422,
  reason: 'Invalid',
  message,
  causes: [{ reason: 'FieldValueInvalid', field: 'spec', message }],
});

const base64 = (text: string): string => Buffer.from(text).toString('base64');

const SECRET: KubeObject = {
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 'db' },
  data: { token: base64('hunter2-hunter2'), pem: base64('first line\nsecond line\n') },
  stringData: { nested: { deep: 'buried-value' }, pin: 748_159 },
};

const DEPLOYMENT: KubeObject = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web' },
  spec: {
    template: {
      spec: {
        containers: [
          {
            name: 'app',
            env: [
              { name: 'DB_PASSWORD', value: 'p<a>&"ss\\word' },
              { name: 'MODE', value: 'calm' },
            ],
          },
        ],
      },
    },
  },
};

function told(message: string, objects: readonly KubeObject[]): string {
  const hidden = hideSecrets(refusal(message), objects);
  assert.equal(hidden.causes[0]?.message, hidden.message);
  return hidden.message;
}

test('takes values of Secrets out of what was said, encoded or not, at any depth, numbers too', () => {
  const said = `got ${base64('hunter2-hunter2')}, hunter2-hunter2, map{deep:"buried-value"}, 748159 at "second line"`;

  assert.equal(told(said, [SECRET]), 'got ***, ***, map{deep:"***"}, *** at "***"');
});

test('takes variables whose name speaks of a secret out, however they are quoted, and leaves others', () => {
  const value = 'p<a>&"ss\\word';
  const json = JSON.stringify(value);
  const html = json.replaceAll('<', '\\u003c').replaceAll('>', '\\u003e').replaceAll('&', '\\u0026');

  assert.equal(told(`${value} ${json} ${html} calm`, [DEPLOYMENT]), '*** "***" "***" calm');
});

test('takes the longer of two values first, of all objects that it is given', () => {
  const other = { ...SECRET, data: {}, stringData: { one: 'abcd', two: 'abcdef' } };

  assert.equal(told('abcdef abcd hunter2-hunter2', [other, SECRET]), '*** *** ***');
});

test('leaves words alone that a secret is a part of, and finds it behind a line end', () => {
  const said = 'resource "secrets" of no-secret: "first line\\nsecond line"';
  const word: KubeObject = { ...SECRET, data: { value: base64('secret'), pem: base64('second line') }, stringData: {} };

  assert.equal(told(said, [word]), 'resource "secrets" of no-***: "first line\\n***"');
});
