import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { applicationPath, clusterPath, parsePath } from '../../../../shared/report/pages/paths.ts';

const name = fc.string({ unit: 'binary', minLength: 1, maxLength: 30 }).map((text) => text.toWellFormed());

test('leads back from every link to the cluster and application that it was made of', () => {
  fc.assert(
    fc.property(name, name, (cluster, application) => {
      assert.deepEqual(parsePath(clusterPath(cluster)), { page: 'cluster', cluster });
      assert.deepEqual(parsePath(applicationPath(cluster, application)), { page: 'application', cluster, application });
    }),
  );
});

test('makes no link that leaves this server', () => {
  for (const hostile of ['//evil.example', 'javascript:alert(1)', '..', '/../..', '\\\\evil', 'a?b#c']) {
    assert.match(clusterPath(hostile), /^\/clusters\/[^/?#\\:]+$/);
  }
});

test('knows the pages and nothing else', () => {
  assert.deepEqual(parsePath('/'), { page: 'fleet' });
  assert.deepEqual(parsePath('/drift/'), { page: 'drift' });
  assert.deepEqual(parsePath('/runbook/renderfailed'), { page: 'article', code: 'renderfailed' });
  for (const path of [
    '/x',
    '//',
    '//drift',
    '/clusters',
    '/clusters/',
    '/clusters/a/b',
    '/clusters/%zz',
    '/clusters/a/applications/',
  ]) {
    assert.equal(parsePath(path), undefined, path);
  }
});
