/** What a person would look up with kubectl is in the status: the registry's answer, the last words of a container. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { VERSION } from '../../shared/config/names.ts';

import type { KubeObject } from '../../shared/model/kube-object.ts';
import { callApi } from '../controlplane/call-api.ts';
import { eventually } from '../controlplane/eventually.ts';
import { markRequests, requestsSince } from '../controlplane/request-log.ts';
import { podsDoNotRun } from '../controlplane/shared-cluster.ts';
import { startStandInKubelet } from '../controlplane/stand-in-kubelet.ts';
import { type FleetUnderTest, fleetUnderTest } from './reconcile/fleet-under-test.ts';

function deployment(name: string, template: { readonly annotations?: object; readonly spec?: object } = {}): string {
  return JSON.stringify({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name },
    spec: {
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name }, annotations: template.annotations ?? {} },
        spec: { containers: [{ name: 'app', image: 'registry.example/shop:9' }], ...template.spec },
      },
    },
  });
}

describe('why something is not healthy', { skip: podsDoNotRun }, () => {
  let fleet: FleetUnderTest;
  before(async () => {
    fleet = await fleetUnderTest();
  });
  after(() => fleet.close());

  const core = () => `/api/v1/namespaces/${fleet.namespace}`;

  async function podOf(app: string): Promise<KubeObject> {
    const find = async () => {
      const pods = await fleet.list({ group: '', kind: 'Pod' });
      return pods.find(({ metadata }) => metadata.labels?.app === app);
    };
    const pod = await eventually(find, (found) => found !== undefined);
    assert.ok(pod);
    return pod;
  }

  /** As a kubelet would. */
  async function report(about: KubeObject, reason: string, message: string): Promise<void> {
    const { name, uid } = about.metadata;
    const now = new Date().toISOString();
    const body = {
      metadata: { generateName: `${name}.` },
      involvedObject: { apiVersion: about.apiVersion, kind: about.kind, name, uid, namespace: fleet.namespace },
      type: 'Warning',
      reason,
      message,
      lastTimestamp: now,
    };
    const { status } = await callApi(fleet.testCluster, { method: 'POST', path: `${core()}/events`, body });
    assert.equal(status, 201);
  }

  async function reasonOf(application: string, pattern: RegExp): Promise<string> {
    const look = async () => {
      await fleet.run();
      return (await fleet.applications())[application]?.healthReason ?? '';
    };
    return eventually(look, (reason) => pattern.test(reason));
  }

  async function requestsOfOneRun(path: RegExp): Promise<number> {
    const mark = await markRequests(fleet.testCluster);
    await fleet.run();
    const userAgent = `plumbline/${VERSION} (fleet ${fleet.fleet};`;
    const sent = await requestsSince(fleet.testCluster, mark, { userAgent });
    assert.ok(sent.length > 0);
    return sent.filter(({ uri }) => path.test(uri)).length;
  }

  it("tells the registry's answer to an image that cannot be pulled, and asks for it once", async () => {
    const annotations = { 'plumbline.test/behaviour': 'image-pull-backoff' };
    await fleet.want({ shop: { objects: `${deployment('shop', { annotations })}` } });
    await fleet.run();
    const pod = await podOf('shop');
    await report(pod, 'Failed', 'Failed to pull image "registry.example/shop:9": unexpected status: 403 Forbidden');
    await report(pod, 'BackOff', 'Back-off pulling image');

    const reason = await reasonOf('shop', /403/);
    const asked = await requestsOfOneRun(/\/events\?/);

    assert.match(
      reason,
      /^Deployment shop: 0 of 1 replicas available; waiting for Pods: container app cannot pull image registry\.example\/shop:9 \(ImagePullBackOff\).*; event Failed: Failed to pull image .*403 Forbidden$/,
    );
    assert.equal(asked, 0);
    assert.match((await fleet.applications()).shop?.healthReason ?? '', /403/);
  });

  it('tells the last words of a container that keeps crashing, without the secrets of its application', async () => {
    const kubelet = await startStandInKubelet(fleet.testCluster, `node-${fleet.fleet}`, (_container, isPrevious) =>
      isPrevious ? 'starting\nfatal: cannot log in with tr0ub4dor-and-3\nbye\n' : 'starting\n',
    );
    try {
      const secret = `apiVersion: v1\nkind: Secret\nmetadata: {name: login}\nstringData: {password: tr0ub4dor-and-3}\n`;
      const annotations = { 'plumbline.test/behaviour': 'crash-loop' };
      const objects = `${deployment('crash', { annotations, spec: { nodeName: kubelet.node } })}\n---\n${secret}`;
      await fleet.want({ crash: { objects } });
      await fleet.run();

      const reason = await reasonOf('crash', /last in its log/);
      const asked = kubelet.asked.length;
      await fleet.run();

      assert.match(
        reason,
        /container app keeps crashing: exit code \d+, 3 restarts \(Pod crash-.*\); last in its log: fatal: cannot log in with \*\*\*$/,
      );
      assert.match(kubelet.asked[0] ?? '', /^\/containerLogs\/.*\/app\?.*previous=true.*tailLines=20/);
      assert.equal(kubelet.asked.length, asked, 'the same trouble was looked up again');
    } finally {
      await kubelet.close();
    }
  });

  it('says that a log cannot be read, and why', async () => {
    await fleet.want({
      loop: { objects: deployment('loop', { annotations: { 'plumbline.test/behaviour': 'crash-loop' } }) },
    });
    await fleet.run();

    const reason = await reasonOf('loop', /its log/);

    assert.match(reason, /container app keeps crashing: .*; its log cannot be read: /);
  });

  it('tells the event of a claim that is late, and asks nothing before', async () => {
    const claim = {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name: 'data' },
      spec: { accessModes: ['ReadWriteOnce'], storageClassName: 'none', resources: { requests: { storage: '1Gi' } } },
    };
    await fleet.want({ store: { objects: JSON.stringify(claim), settings: { sync: { timeout: '3s' } } } });
    await fleet.run();
    const live = await fleet.read({
      group: '',
      kind: 'PersistentVolumeClaim',
      namespace: fleet.namespace,
      name: 'data',
    });
    assert.ok(live);
    await report(live, 'ProvisioningFailed', 'storageclass.storage.k8s.io "none" not found');
    const early = await requestsOfOneRun(/\/events\?/);

    const reason = await reasonOf('store', /not found/);
    const { store } = await fleet.applications();

    assert.equal(early, 0);
    assert.match(
      reason,
      /^PersistentVolumeClaim data: not bound to a volume yet .*; event ProvisioningFailed: storageclass/,
    );
    assert.equal(store?.health, 'degraded');
    assert.match(
      store?.problems[0]?.wrong ?? '',
      /storageclass\.storage\.k8s\.io "none" not found.*, for longer than 3s$/,
    );
  });

  it('asks a healthy cluster nothing', async () => {
    await fleet.want({ fine: { objects: deployment('fine') } });
    await fleet.settle();

    const asked = await requestsOfOneRun(/\/(events|pods)(\?|$|\/)/);

    assert.equal((await fleet.applications()).fine?.health, 'healthy');
    assert.equal(asked, 0);
  });

  it("judges by the application's own rules", async () => {
    const objects = `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: lamp}\ndata: {lit: "no"}\n`;
    const check = { group: '', kind: 'ConfigMap', name: 'lamp', namespace: '*', healthy: "data.lit == 'yes'" };
    await fleet.want({ lamp: { objects, settings: { healthChecks: [{ ...check, message: "'the lamp is off'" }] } } });
    await fleet.run();
    const off = (await fleet.applications()).lamp;
    await fleet.want({ lamp: { objects: objects.replace('no', 'yes'), settings: { healthChecks: [check] } } });
    await fleet.run();
    const lit = (await fleet.applications()).lamp;
    await fleet.want({ lamp: { objects, settings: { healthChecks: [{ ...check, healthy: 'data.dark' }] } } });
    await fleet.run();
    const unknown = (await fleet.applications()).lamp;

    assert.deepEqual([off?.health, off?.healthReason], ['progressing', 'ConfigMap lamp: the lamp is off']);
    assert.equal(lit?.health, 'healthy');
    assert.deepEqual([unknown?.health, unknown?.healthReason.includes('field not found: dark')], ['unknown', true]);
  });
});
