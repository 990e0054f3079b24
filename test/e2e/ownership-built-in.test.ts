/** What is left to controllers without being asked to, what others add, and CRDs that others change; on a real API server. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import type { JsonObject } from '../../shared/model/json.ts';
import type { KubeObject } from '../../shared/model/kube-object.ts';
import { issueCertificate } from '../controlplane/assets/certificate.ts';
import { eventually } from '../controlplane/eventually.ts';
import { definition } from './ownership/custom-resource-cases.ts';
import { type ApplicationLab, type ClusterLab, openClusterLab, withLab } from './ownership/lab.ts';
import { deployment } from './ownership/workload-cases.ts';

let cluster: ClusterLab;
before(async () => {
  cluster = await openClusterLab();
});
after(async () => {
  await cluster.close();
});

const verdict = async (lab: ApplicationLab) => {
  const { changes, drift } = await lab.plan();
  return [...changes.map(({ op }) => op), ...drift.map(({ kind }) => kind)];
};

/** As the API server takes it: certificates in PEM, in base64. */
function bundle(commonName: string): string {
  return Buffer.from(issueCertificate({ commonName }, 'authority').certificate).toString('base64');
}

describe('without a rule', { concurrency: 4 }, () => {
  test('replicas are the autoscaler’s that stands in the same rendering', async () => {
    await withLab(cluster, async (lab) => {
      const api: KubeObject = { ...deployment(), spec: { ...Object(deployment().spec), replicas: 2 } };
      const scaler: KubeObject = {
        apiVersion: 'autoscaling/v2',
        kind: 'HorizontalPodAutoscaler',
        metadata: { name: 'app' },
        spec: {
          scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'app' },
          minReplicas: 2,
          maxReplicas: 9,
        },
      };
      const [sent] = await lab.bringIn([api, scaler]);
      assert.ok(sent);
      const scale = { manager: 'horizontal-pod-autoscaler', subresource: 'scale' };
      await cluster.others.patch(sent.object, 'merge', { spec: { replicas: 6 } }, scale);

      await lab.carryOut(await lab.plan());

      assert.equal(Object((await cluster.others.get(sent.object)).spec).replicas, 6);
      assert.deepEqual(await verdict(lab), ['keep', 'keep']);
    });
  });

  test('a certificate that is injected into a webhook stays', async () => {
    await withLab(cluster, async (lab) => {
      const webhooks = (caBundle: string) => [
        {
          name: 'check.example.com',
          admissionReviewVersions: ['v1'],
          sideEffects: 'None',
          failurePolicy: 'Ignore',
          clientConfig: { url: 'https://127.0.0.1:9/check', caBundle },
          rules: [
            { apiGroups: ['none.example.com'], apiVersions: ['v1'], operations: ['CREATE'], resources: ['nones'] },
          ],
        },
      ];
      const configuration = (caBundle: string): KubeObject => ({
        apiVersion: 'admissionregistration.k8s.io/v1',
        kind: 'ValidatingWebhookConfiguration',
        metadata: { name: lab.namespace },
        webhooks: webhooks(caBundle),
      });
      const declared = configuration(bundle('placeholder'));
      const injected = bundle('injected');
      try {
        await lab.bringIn([declared]);
        const patch = [{ op: 'replace', path: '/webhooks/0/clientConfig/caBundle', value: injected }];
        await cluster.others.patch(declared, 'json', patch, { manager: 'cainjector' });

        await lab.carryOut(await lab.plan());

        const live = JSON.stringify((await cluster.others.get(declared)).webhooks);
        assert.ok(live.includes(injected), live);
        assert.deepEqual(await verdict(lab), ['keep']);
      } finally {
        await cluster.others.delete(declared);
      }
    });
  });
});

describe('what others add', { concurrency: 4 }, () => {
  const role = (rules: JsonObject): KubeObject => ({
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'Role',
    metadata: { name: 'reader' },
    ...rules,
  });
  const rules = [{ apiGroups: [''], resources: ['secrets'], verbs: ['get'] }];

  for (const [extra, kinds, stays] of [
    [undefined, ['keep', 'extra'], true],
    ['ignore', ['keep'], true],
    ['report', ['keep', 'extra'], true],
    ['remove', ['keep'], false],
  ] as const) {
    test(`to a Role is ${stays ? 'left' : 'taken away'}${kinds.length > 1 ? ' and told' : ''} with sync.extra: ${extra}`, async () => {
      await withLab(cluster, async (lab) => {
        const [sent] = await lab.bringIn([role({})], { sync: extra === undefined ? {} : { extra } });
        assert.ok(sent);
        await cluster.others.patch(sent.object, 'merge', { rules }, { manager: 'kubectl-edit' });

        await lab.carryOut(await lab.plan());

        const live = await cluster.others.get(sent.object);
        assert.equal(JSON.stringify(live.rules ?? null).includes('secrets'), stays);
        assert.deepEqual(await verdict(lab), kinds);
      });
    });
  }
});

describe('a custom resource whose CRD somebody else moves to a new version', () => {
  test('is ours again in the new one, and a field dropped from Git goes', async () => {
    const group = `w${randomBytes(5).toString('hex')}.example.com`;
    const widget = (version: string, spec: JsonObject): KubeObject => ({
      apiVersion: `${group}/${version}`,
      kind: 'Widget',
      metadata: { name: 'one' },
      spec,
    });
    const crd = definition(group, [{ name: 'v1' }, { name: 'v2', storage: true }]);
    await withLab(cluster, async (lab) => {
      await cluster.others.create(crd, { manager: 'operator' });
      try {
        await eventually(
          () => cluster.others.get(crd),
          ({ status }) => JSON.stringify(status ?? {}).includes('"type":"Established"'),
        );
        await lab.bringIn([widget('v1', { title: 'ours', extra: 'goes' })]);
        const moved = definition(group, [{ name: 'v2', storage: true }]);
        await cluster.others.patch(crd, 'merge', { spec: moved.spec }, { manager: 'operator' });
        const place = { ...widget('v2', {}), metadata: { name: 'one', namespace: lab.namespace } };
        await eventually(
          () => cluster.others.get(place).catch(() => undefined),
          (live) => live !== undefined,
        );
        await eventually(
          async () => (await cluster.connection.discover({ fresh: true })).kinds.find((kind) => kind.group === group),
          (kind) => kind?.versions.join() === 'v2',
        );

        await lab.bringIn([widget('v2', { title: 'ours' })]);

        assert.deepEqual((await cluster.others.get(place)).spec, { title: 'ours' });
        assert.deepEqual(await verdict(lab), ['keep']);
      } finally {
        await cluster.others.delete(crd);
      }
    });
  });
});
