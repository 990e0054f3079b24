import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ApiVersions, checkApi } from '../../../shared/validate/check-api.ts';
import { kindsOf, objectOf, RELEASES } from './known.ts';

function said(api: string, kind: string, versions: Partial<ApiVersions> = {}): string {
  const { version, next, strictKinds } = { version: '1.31', next: '1.32', strictKinds: false, ...versions } as const;
  const object = objectOf(`apiVersion: ${api}\nkind: ${kind}\nmetadata: {name: x}\n`);
  const known = kindsOf(version === '1.31' ? '1.31' : '1.36');
  return checkApi(object, known, { version, next, strictKinds, lifecycles: RELEASES.lifecycles })
    .map(({ rule, level = '', wrong, remedy }) => `${rule} ${level}: ${wrong}; ${remedy}`)
    .join('\n');
}

const FLOW = 'flowcontrol.apiserver.k8s.io/v1beta3';

test('looks ahead to the next version, and says what is gone in this one', () => {
  assert.equal(
    said(FLOW, 'FlowSchema'),
    `api-removed-next : Kubernetes 1.32 does not serve ${FLOW} FlowSchema any more, since 1.32; use flowcontrol.apiserver.k8s.io/v1 FlowSchema`,
  );
  assert.match(
    said(FLOW, 'FlowSchema', { next: undefined }),
    /^api-deprecated : .* deprecated since 1\.29, and goes with 1\.32;/,
  );
  assert.match(said(FLOW, 'FlowSchema', { version: '1.33' }), /^api-removed : Kubernetes 1\.33 does not serve/);
  assert.match(said('policy/v1beta1', 'PodDisruptionBudget'), /since 1\.25; use policy\/v1 PodDisruptionBudget$/);
});

test('says what does not come before a later version, and what is served only where it was enabled', () => {
  assert.match(said('admissionregistration.k8s.io/v1', 'MutatingAdmissionPolicy'), /1\.31 does not serve|has no/);
  assert.match(
    said('certificates.k8s.io/v1beta1', 'ClusterTrustBundle', { version: '1.33', next: undefined }),
    /^api-not-enabled/,
  );
});

test('takes a kind that nobody defines for an error only in a group of Kubernetes, or where it is asked to', () => {
  assert.match(
    said('apps/v1', 'Deploymnet'),
    /^unknown-kind error: Kubernetes 1\.31 has no apps\/v1 Deploymnet .*did you mean "apps\/v1 Deployment"\?$/,
  );
  assert.match(said('example.com/v1', 'Thing'), /^unknown-kind : .* neither built in nor defined/);
  assert.match(said('example.com/v1', 'Thing', { strictKinds: true }), /^unknown-kind error:/);
});
