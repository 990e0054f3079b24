import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ApiRefusal } from '../../../shared/model/api-refusal.ts';
import type { ErrorCode } from '../../../shared/model/problem.ts';
import { problemOfRefusal } from '../../../shared/plan/refusal.ts';

const REF = { group: 'apps', kind: 'Deployment', namespace: 'web', name: 'api' };

function refused(status: number, message: string, ...causes: ApiRefusal['causes']): ApiRefusal {
  return { status, reason: '', message, causes };
}

/** As kube-apiserver 1.36 words them. */
const CASES: readonly (readonly [string, ErrorCode, ApiRefusal])[] = [
  [
    'an immutable selector',
    'ImmutableField',
    refused(422, 'Deployment.apps "api" is invalid', {
      reason: 'FieldValueInvalid',
      field: 'spec.selector',
      message: 'Invalid value: {"matchLabels":{"app":"web"}}: field is immutable',
    }),
  ],
  [
    'a StatefulSet field that may not change',
    'ImmutableField',
    refused(422, 'StatefulSet.apps "db" is invalid', {
      reason: 'FieldValueForbidden',
      field: 'spec',
      message: "Forbidden: updates to statefulset spec for fields other than 'replicas' are forbidden",
    }),
  ],
  [
    'another role of a binding',
    'ImmutableField',
    refused(422, 'RoleBinding "x" is invalid', {
      reason: 'FieldValueInvalid',
      field: 'roleRef',
      message: 'Invalid value: {"Name":"x"}: cannot change roleRef',
    }),
  ],
  [
    'a cluster IP that may not change',
    'ImmutableField',
    refused(422, 'Service "x" is invalid', {
      reason: 'FieldValueInvalid',
      field: 'spec.clusterIPs[0]',
      message: 'Invalid value: ["10.0.0.9"]: may not change once set',
    }),
  ],
  [
    'a wrong value',
    'ConfigInvalid',
    refused(422, 'Deployment.apps "api" is invalid: spec.replicas: Invalid value: -1', {
      reason: 'FieldValueInvalid',
      field: 'spec.replicas',
      message: 'Invalid value: -1: must be greater than or equal to 0',
    }),
  ],
  [
    'a field that the schema does not know',
    'ConfigInvalid',
    refused(400, '.spec.replica: field not declared in schema'),
  ],
  ['an object that is too large', 'ConfigInvalid', refused(413, 'Request entity too large: limit is 3145728')],
  [
    'a webhook that says no',
    'AdmissionDenied',
    refused(403, 'admission webhook "policy.example.com" denied the request: no latest tags'),
  ],
  [
    'a webhook that says no with 400',
    'AdmissionDenied',
    refused(400, 'admission webhook "policy.example.com" denied the request: bad'),
  ],
  [
    'a webhook that cannot be reached',
    'AdmissionDenied',
    refused(500, 'Internal error occurred: failed calling webhook "x": connection refused'),
  ],
  [
    'a validating policy',
    'AdmissionDenied',
    refused(
      422,
      "deployments.apps \"api\" is forbidden: ValidatingAdmissionPolicy 'p' with binding 'b' denied request: replicas no greater than 5",
    ),
  ],
  [
    'a Pod security level',
    'AdmissionDenied',
    refused(403, 'pods "x" is forbidden: violates PodSecurity "restricted:latest": runAsNonRoot != true'),
  ],
  [
    'a right that is missing',
    'Forbidden',
    refused(403, 'deployments.apps "api" is forbidden: User "x" cannot patch resource "deployments"'),
  ],
  [
    'a quota',
    'QuotaExceeded',
    refused(403, 'deployments.apps "api" is forbidden: exceeded quota: q, requested: count/deployments.apps=1'),
  ],
  [
    'a namespace that is being deleted',
    'NamespaceTerminating',
    refused(403, 'unable to create new content in namespace web because it is being terminated', {
      reason: 'NamespaceTerminating',
      field: '',
      message: 'x',
    }),
  ],
  ['a namespace that is missing', 'ConfigInvalid', refused(404, 'namespaces "web" not found')],
  ['a kind that is not served', 'KindUnknown', refused(404, 'the server could not find the requested resource')],
  [
    'a stale resource version',
    'FieldConflict',
    refused(409, 'Operation cannot be fulfilled: the object has been modified'),
  ],
  ['too many requests', 'Throttled', refused(429, 'Too many requests, please try again later')],
  ['credentials that ended', 'CredentialsExpired', refused(401, 'Unauthorized')],
  ['a server in trouble', 'ClusterUnreachable', refused(503, 'the server is currently unable to handle the request')],
];

for (const [what, code, refusal] of CASES) {
  test(`reads ${what} as ${code}`, () => {
    const problem = problemOfRefusal(REF, 'apply', refusal);

    assert.equal(problem.code, code);
    assert.deepEqual([problem.subject, problem.act], ['Deployment.apps/web/api', 'apply']);
  });
}

test('names the immutable field and the way out', () => {
  const [, , refusal] = CASES[0] ?? [];
  assert.ok(refusal);
  const problem = problemOfRefusal(REF, 'apply', refusal);

  assert.equal(problem.wrong, 'spec.selector cannot be changed once it is set: field is immutable');
  assert.match(problem.remedy, /annotation `plumbline\.dev\/replace: "true"`/);
});

test('keeps a message to one readable line', () => {
  const { wrong } = problemOfRefusal(REF, 'apply', refused(400, `line one\n\tline two ${'x'.repeat(5_000)}`));

  assert.match(wrong, /^line one line two x+…$/);
  assert.ok(wrong.length <= 400);
});
