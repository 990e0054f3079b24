import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { callApi } from './call-api.ts';
import { markRequests, requestsSince } from './request-log.ts';
import { sharedCluster } from './shared-cluster.ts';
import type { TestCluster } from './test-cluster.ts';

let cluster: TestCluster;
before(async () => {
  cluster = await sharedCluster();
});

test('logs every request before it is answered, with who sent it', async () => {
  const mark = await markRequests(cluster);
  const path = '/api/v1/namespaces/default/configmaps/absent';
  await callApi(cluster, { path: `${path}?pretty=1`, userAgent: 'counted/1' });
  await callApi(cluster, { path, userAgent: 'counted/1' });
  await callApi(cluster, { path, userAgent: 'another/1' });

  const requests = await requestsSince(cluster, mark, { user: 'admin', userAgent: 'counted/' });

  const common = { verb: 'get', path, user: 'admin', userAgent: 'counted/1', code: 404, impersonated: '' };
  assert.deepEqual(requests, [
    { ...common, uri: `${path}?pretty=1` },
    { ...common, uri: path },
  ]);
});

test('shows its request metrics to the administrator', async () => {
  const { status, body } = await callApi(cluster, { path: '/metrics' });

  assert.equal(status, 200);
  assert.match(String(body), /^apiserver_request_total\{.*resource="namespaces".*\} \d+$/m);
});
