/** Policies evaluated without a cluster, held against an API server that enforces the same ones. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { readKubernetesReleases } from '../../shared/adapters/kubernetes-schemas/read-releases.ts';
import type { KubeObject } from '../../shared/model/kube-object.ts';
import { minorVersionOf } from '../../shared/model/kubernetes-release.ts';
import { readObjects } from '../../shared/render/read-objects.ts';
import { type KnownKinds, knownKinds } from '../../shared/validate/known-kinds.ts';
import { type AdmittedObject, policiesOf } from '../../shared/validate/policies/check-policies.ts';
import { callApi } from '../controlplane/call-api.ts';
import { eventually } from '../controlplane/eventually.ts';
import { sharedCluster } from '../controlplane/shared-cluster.ts';
import type { TestCluster } from '../controlplane/test-cluster.ts';
import { type AskServer, askServer, type ServerVerdict } from './validate/server-verdict.ts';

const NAMESPACE = 'validate-policies';
const DECLARED = readObjects(readFileSync(join(import.meta.dirname, 'validate/policies.yaml'), 'utf8'), {
  path: 'policies.yaml',
});

let cluster: TestCluster;
let server: AskServer;
let kinds: KnownKinds;

before(async () => {
  cluster = await sharedCluster();
  server = await askServer(cluster);
  const release = minorVersionOf(cluster.version);
  assert.ok(release !== undefined);
  kinds = knownKinds(readKubernetesReleases().release(release), []);
  for (const { object } of DECLARED) {
    const made = await callApi(cluster, { method: 'POST', path: collectionOf(object), body: object });
    assert.ok(made.status === 201 || made.status === 409, JSON.stringify(made.body));
  }
  // Policies take a moment to be enforced.
  await eventually(
    () => ask(deployment({ replicas: 9, image: 'elsewhere/x' })),
    ({ verdict, message }) =>
      (verdict !== 'takes' && message.includes('validate-test-images')) || message.includes('validate-test-replicas'),
  );
  await eventually(
    () => ask(configMap({})),
    ({ warnings }) => warnings.length > 0,
  );
});

after(async () => {
  await server.close();
  for (const { object } of DECLARED.toReversed()) {
    await callApi(cluster, { method: 'DELETE', path: `${collectionOf(object)}/${object.metadata.name}` });
  }
});

test('denies what the server denies, with its words, and nothing else', async () => {
  const check = await policiesOf(DECLARED.map(admitted), kinds);
  assert.ok(check !== undefined);
  const objects = [
    deployment({}),
    deployment({ replicas: 3 }),
    deployment({ replicas: 4 }),
    deployment({ replicas: 4, labels: { exempt: 'yes' } }),
    deployment({ containers: ['app-a', 'other'] }),
    deployment({ image: 'elsewhere/x' }),
    deployment({ image: 'elsewhere/x', name: 'excluded' }),
    deployment({ image: 'elsewhere/x', labels: { unchecked: '' } }),
    deployment({ memory: '512Mi' }),
    deployment({ memory: '2Gi' }),
    deployment({ grace: 60 }),
    deployment({ grace: 10 }),
    configMap({}),
    configMap({ owner: 'me' }),
  ];

  for (const object of objects) {
    const theirs = await ask(object);
    const faults = check({ object, namespace: NAMESPACE });

    const denied = faults.filter(({ rule }) => rule === 'policy-denies');
    const warned = faults.filter(({ rule }) => rule === 'policy-warns');
    const label = JSON.stringify(object);
    assert.deepEqual(
      faults.filter(({ rule }) => rule === 'not-checked'),
      [],
      label,
    );
    assert.equal(
      denied.length > 0,
      theirs.verdict !== 'takes',
      `${label}: ${theirs.message}: ${JSON.stringify(faults)}`,
    );
    // The server tells the first denial of the first policy alone.
    if (denied.length > 0)
      assert.ok(
        denied.some(({ wrong }) => theirs.message.includes(wrong.split(': ').at(-1) ?? '-')),
        `${label}: ${theirs.message}`,
      );
    assert.equal(warned.length > 0, theirs.warnings.length > 0, label);
  }
});

test('says so where a policy asks for what only the cluster knows', async () => {
  const policies = [policy('true ? authorizer.group("").resource("pods").check("get").allowed() : true'), binding({})];
  const check = await policiesOf(
    policies.map((object) => ({ object, namespace: '' })),
    kinds,
  );

  const faults = check?.({ object: configMap({}), namespace: 'elsewhere' }) ?? [];

  assert.deepEqual(
    faults.map(({ rule }) => rule),
    ['not-checked'],
  );
});

test('says so where the labels of a namespace decide that nobody declares', async () => {
  const policies = [policy('false'), binding({ namespaceSelector: { matchLabels: { stage: 'prod' } } })];
  const check = await policiesOf(
    policies.map((object) => ({ object, namespace: '' })),
    kinds,
  );

  const faults = check?.({ object: configMap({}), namespace: 'elsewhere' }) ?? [];

  assert.deepEqual(
    faults.map(({ rule }) => rule),
    ['not-checked'],
  );
});

function ask(object: KubeObject): Promise<ServerVerdict> {
  return server.ask({ path: `${collectionOf(object)}/${object.metadata.name}`, body: object });
}

function admitted({ object }: { readonly object: KubeObject }): AdmittedObject {
  return { object, namespace: object.metadata.namespace ?? '' };
}

function collectionOf({ apiVersion, kind, metadata }: KubeObject): string {
  const known = kinds.find(apiVersion, kind);
  assert.ok(known !== undefined && known.from === 'kubernetes');
  const scope = known.namespaced ? `/namespaces/${metadata.namespace ?? NAMESPACE}` : '';
  return `${apiVersion.includes('/') ? '/apis' : '/api'}/${apiVersion}${scope}/${known.plural}`;
}

interface DeploymentParts {
  readonly name?: string;
  readonly replicas?: number;
  readonly labels?: Readonly<Record<string, string>>;
  readonly containers?: readonly string[];
  readonly image?: string;
  readonly memory?: string;
  readonly grace?: number;
}

function deployment(parts: DeploymentParts): KubeObject {
  const {
    name = 'web',
    replicas,
    labels,
    containers = ['app-main'],
    image = 'registry.example/web:1',
    memory,
    grace,
  } = parts;
  const pods = containers.map((container) => ({
    name: container,
    image,
    ...(memory !== undefined && { resources: { limits: { memory } } }),
  }));
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace: NAMESPACE, ...(labels && { labels }) },
    spec: {
      ...(replicas !== undefined && { replicas }),
      selector: { matchLabels: { app: 'web' } },
      template: {
        metadata: { labels: { app: 'web' } },
        spec: { containers: pods, ...(grace !== undefined && { terminationGracePeriodSeconds: grace }) },
      },
    },
  };
}

function configMap(labels: Readonly<Record<string, string>>): KubeObject {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'some', namespace: NAMESPACE, labels } };
}

function policy(expression: string): KubeObject {
  const resourceRules = [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['configmaps'] }];
  return {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingAdmissionPolicy',
    metadata: { name: 'asks' },
    spec: { matchConstraints: { resourceRules }, validations: [{ expression }] },
  };
}

function binding(matchResources: KubeObject['spec'] & object): KubeObject {
  return {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingAdmissionPolicyBinding',
    metadata: { name: 'asks' },
    spec: { policyName: 'asks', validationActions: ['Deny'], matchResources } as KubeObject['spec'] & object,
  };
}
