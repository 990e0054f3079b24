/** Objects of other tools are taken over without being made anew: real helm and kubectl, the requests of Flux and Argo CD. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { readJsonBlob } from '../../shared/job/blob-json.ts';
import type { KubeObject } from '../../shared/model/kube-object.ts';
import type { ObjectRef } from '../../shared/model/object-ref.ts';
import type { ObjectStatus } from '../../shared/model/status.ts';
import type { FormerOwner } from '../../shared/plan/former-owners.ts';
import { openRealTools, type RealTools } from './adopt/real-tools.ts';
import type { ForeignClient } from './ownership/foreign-client.ts';
import { type ClusterLab, openClusterLab } from './ownership/lab.ts';
import { configMap, deployment } from './reconcile/declared-objects.ts';
import { type FleetUnderTest, fleetUnderTest } from './reconcile/fleet-under-test.ts';

let lab: ClusterLab;
let others: ForeignClient;
let tools: RealTools;
let fleet: FleetUnderTest;
before(async () => {
  lab = await openClusterLab();
  others = lab.others;
  fleet = await fleetUnderTest();
  tools = await openRealTools(fleet.testCluster);
});
beforeEach(async () => {
  await fleet.want({ web: { objects: '', settings: { sync: { allowEmpty: true } } } });
  await fleet.settle();
  await others.ensureNamespace(fleet.namespace);
});
after(async () => {
  await fleet.close();
  await tools.close();
  await lab.close();
});

const ref = (kind: string, name: string, group = ''): ObjectRef => ({ group, kind, namespace: fleet.namespace, name });
const bringIn = async (objects: string, adopt: readonly FormerOwner[], more: object = {}) => {
  await fleet.want({ web: { objects, settings: { sync: { adopt: [...adopt], ...more } } } });
  await fleet.run();
};
const problems = async () => (await fleet.applications()).web?.problems.map(({ wrong }) => wrong) ?? [];
/** Applies a second time: what was taken over is ours and quiet. */
const assertQuiet = async () => {
  assert.deepEqual(await problems(), []);
  const told = (await fleet.lastRun())?.run;
  await fleet.run();
  assert.equal((await fleet.lastRun())?.run, told, 'the next run has nothing to do');
};
const warningsTold = async (): Promise<readonly string[]> => {
  const { objects = '' } = await fleet.status();
  const seen = await readJsonBlob<readonly ObjectStatus[]>(fleet.deps.blobs, objects);
  return (seen ?? []).flatMap(({ outcome }) => ('warnings' in outcome ? (outcome.warnings ?? []) : []));
};
const readMap = async (name: string): Promise<KubeObject> => {
  const live = await fleet.read(ref('ConfigMap', name));
  assert.ok(live, `${name} is gone`);
  return live;
};

/** What Git has of each object taken over here; the live ones have `old: theirs` too. */
const wanted = (name: string) => configMap(name, 'ours');
const theirs = (name: string, metadata: Partial<KubeObject['metadata']> = {}): KubeObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace: fleet.namespace, ...metadata },
  data: { value: 'theirs', old: 'theirs' },
});

/** Nothing of the former tool is left, and the object is the one that it was. */
async function assertTaken(name: string, before: KubeObject): Promise<void> {
  const live = await readMap(name);
  assert.equal(live.metadata.uid, before.metadata.uid);
  assert.deepEqual(live.data, { value: 'ours' });
  const marks = [...Object.keys(live.metadata.labels ?? {}), ...Object.keys(live.metadata.annotations ?? {})];
  assert.deepEqual(
    marks.filter((mark) => !/^(plumbline\.dev|applyset\.kubernetes\.io)\//.test(mark)),
    [],
  );
  assert.deepEqual(
    live.metadata.managedFields?.map(({ manager }) => manager),
    [`plumbline-${fleet.fleet}`],
  );
  await assertQuiet();
}

describe('a release of Helm', () => {
  const CHART = {
    'Chart.yaml': 'apiVersion: v2\nname: shop\nversion: 1.0.0\n',
    'templates/all.yaml': `${configMap('flags', '{{ .Values.value }}', { old: '{{ .Values.value }}' })}---
apiVersion: apps/v1
kind: Deployment
metadata: {name: shop, labels: {app.kubernetes.io/managed-by: "{{ .Release.Service }}"}}
spec:
  replicas: 1
  selector: {matchLabels: {app: shop}}
  template:
    metadata: {labels: {app: shop}}
    spec: {containers: [{name: web, image: web}]}
`,
  };
  const managed = (text: string) =>
    text.replace('{name: shop}', '{name: shop, labels: {app.kubernetes.io/managed-by: Helm}}');
  const git = () =>
    wanted('flags') + managed(deployment('shop', 1).replace('metadata:\n  name: shop', 'metadata: {name: shop}'));
  const readyPods = async () => {
    const pods = await others.list({ apiVersion: 'v1', kind: 'Pod', namespace: fleet.namespace });
    return pods.map(({ metadata }) => metadata.uid).sort();
  };

  for (const way of ['--server-side=true', '--server-side=false']) {
    it(`installed with ${way} is taken over without a new Pod; helm uninstall finds nothing then`, async () => {
      const chart = await tools.folder(CHART);
      const release = `shop${way.length}`;
      const inNamespace = ['-n', fleet.namespace];
      await tools.helm(
        'install',
        release,
        chart,
        ...inNamespace,
        '--set',
        'value=theirs',
        way,
        '--wait',
        '--timeout',
        '60s',
      );
      const before = await readMap('flags');
      const pods = await readyPods();

      await bringIn(git(), []);
      assert.match((await problems())[0] ?? '', new RegExp(`Helm release ${fleet.namespace}/${release}`));
      assert.deepEqual((await readMap('flags')).data, { old: 'theirs', value: 'theirs' });

      await bringIn(git(), ['helm']);
      const warnings = await warningsTold();
      await fleet.settle();

      await assertTaken('flags', before);
      assert.deepEqual(await readyPods(), pods);
      await assert.rejects(tools.helm('uninstall', release, ...inNamespace), /not found/);
      assert.equal((await readMap('flags')).metadata.uid, before.metadata.uid);

      // What the note says gives the release back.
      const back = /to give it back: kubectl (.+)$/.exec(warnings[0] ?? '')?.[1];
      assert.ok(back, JSON.stringify(warnings));
      assert.equal(await tools.helm('list', '-q', ...inNamespace), '');
      await tools.kubectl(...back.split(' '));
      assert.equal((await tools.helm('list', '-q', ...inNamespace)).trim(), release);
      await tools.helm('uninstall', release, ...inNamespace);
      assert.equal(await fleet.read(ref('ConfigMap', 'flags')), undefined);
    });
  }
});

describe('an object of', () => {
  it('kubectl apply is taken over, and what only kubectl had goes', async () => {
    const folder = await tools.folder({ 'all.yaml': configMap('applied', 'theirs', { old: 'theirs' }) });
    await tools.kubectl('apply', '-n', fleet.namespace, '-f', folder);
    const before = await readMap('applied');

    await bringIn(wanted('applied'), ['kubectl']);

    await assertTaken('applied', before);
  });

  it('kubectl apply --server-side is taken over', async () => {
    const folder = await tools.folder({ 'all.yaml': configMap('served', 'theirs', { old: 'theirs' }) });
    await tools.kubectl('apply', '--server-side', '-n', fleet.namespace, '-f', folder);
    const before = await readMap('served');

    await bringIn(wanted('served'), ['kubectl']);

    await assertTaken('served', before);
  });

  it('kubectl create is taken over, and without adoption a conflict that names it', async () => {
    await tools.kubectl(
      'create',
      'configmap',
      'made',
      '-n',
      fleet.namespace,
      '--from-literal=value=theirs',
      '--from-literal=old=theirs',
    );
    const before = await readMap('made');

    await bringIn(wanted('made'), []);
    assert.match(
      (await problems())[0] ?? '',
      /data\.value is held by kubectl-create since .*\("theirs" there, "ours" in Git\)/,
    );
    await bringIn(wanted('made'), ['kubectl']);

    await assertTaken('made', before);
  });

  it('an ApplySet of kubectl is refused, and taken over from anyone', async () => {
    const folder = await tools.folder({ 'all.yaml': configMap('set', 'theirs', { old: 'theirs' }) });
    const applySet = ['--prune', '--applyset=configmap/their-set'];
    await tools.kubectl('apply', '--server-side', '-n', fleet.namespace, '-f', folder, ...applySet);
    const before = await readMap('set');

    await bringIn(wanted('set'), ['kubectl']);
    assert.match((await problems())[0] ?? '', /it belongs to ApplySet applyset-/);
    await bringIn(wanted('set'), ['any']);

    await assertTaken('set', before);
  });

  it('a Kustomization of Flux is taken over with its labels', async () => {
    const labels = {
      'kustomize.toolkit.fluxcd.io/name': 'apps',
      'kustomize.toolkit.fluxcd.io/namespace': 'flux-system',
    };
    const annotations = { 'kustomize.toolkit.fluxcd.io/checksum': 'x' };
    const object = theirs('fluxed', { labels, annotations });
    await others.patch(object, 'apply', object, { manager: 'kustomize-controller', force: true });
    const before = await readMap('fluxed');

    await bringIn(wanted('fluxed'), ['helm']);
    assert.match((await problems())[0] ?? '', /it belongs to Flux flux-system\/apps/);
    await bringIn(wanted('fluxed'), ['flux']);

    await assertTaken('fluxed', before);
  });

  it('a HelmRelease of Flux is taken over with the labels of Flux and of Helm', async () => {
    const labels = {
      'app.kubernetes.io/managed-by': 'Helm',
      'helm.toolkit.fluxcd.io/name': 'shop',
      'helm.toolkit.fluxcd.io/namespace': fleet.namespace,
    };
    const annotations = { 'meta.helm.sh/release-name': 'shop', 'meta.helm.sh/release-namespace': fleet.namespace };
    await others.create(theirs('released', { labels, annotations }), { manager: 'helm-controller' });
    const before = await readMap('released');

    await bringIn(wanted('released'), ['flux']);

    await assertTaken('released', before);
  });

  for (const operation of ['Update', 'Apply'] as const) {
    it(`Argo CD, written by ${operation}, is taken over with its tracking and its copy of what it applied`, async () => {
      const name = `argo-${operation.toLowerCase()}`;
      const tracking = `shop:/ConfigMap:${fleet.namespace}/${name}`;
      const annotations = {
        'argocd.argoproj.io/tracking-id': tracking,
        ...(operation === 'Update' && { 'kubectl.kubernetes.io/last-applied-configuration': '{}' }),
      };
      const object = theirs(name, { annotations, labels: { 'app.kubernetes.io/instance': 'shop' } });
      if (operation === 'Update') await others.create(object, { manager: 'argocd-controller' });
      else await others.patch(object, 'apply', object, { manager: 'argocd-controller', force: true });
      const before = await readMap(name);

      await bringIn(wanted(name), []);
      assert.match((await problems())[0] ?? '', /it belongs to Argo CD application shop/);
      await bringIn(wanted(name), ['argocd', 'kubectl']);

      await assertTaken(name, before);
    });
  }

  it('nobody is brought in, and a field that Git does not have stays', async () => {
    await others.create({ ...theirs('free'), data: { value: 'ours', old: 'theirs' } } as KubeObject, {
      manager: 'somebody',
    });

    await bringIn(wanted('free'), []);

    assert.deepEqual((await readMap('free')).data, { value: 'ours', old: 'theirs' });
    await assertQuiet();
  });
});

describe('what is taken over', () => {
  it('is so later too, where adoption is asked for after the object was brought in', async () => {
    const folder = await tools.folder({ 'all.yaml': configMap('late', 'ours', { old: 'theirs' }) });
    await tools.kubectl('apply', '-n', fleet.namespace, '-f', folder);
    const before = await readMap('late');
    await bringIn(wanted('late'), []);
    assert.deepEqual((await readMap('late')).data, { value: 'ours', old: 'theirs' });

    await bringIn(wanted('late'), ['kubectl']);

    await assertTaken('late', before);
  });

  it('keeps finalizers, what controllers set, and labels that Git declares', async () => {
    const finalizers = ['example.com/wait'];
    const labels = { 'app.kubernetes.io/managed-by': 'Helm' };
    const annotations = { 'meta.helm.sh/release-name': 'x', 'meta.helm.sh/release-namespace': fleet.namespace };
    await others.create(theirs('held', { finalizers, labels, annotations }), { manager: 'helm' });
    const object = theirs('held');
    await others.patch(object, 'merge', { data: { injected: 'yes' } }, { manager: 'cert-controller' });

    await bringIn(
      wanted('held').replace('{name: held}', '{name: held, labels: {app.kubernetes.io/managed-by: Helm}}'),
      ['any'],
    );
    const live = await readMap('held');
    await others.patch(object, 'merge', { metadata: { finalizers: null } }, { manager: 'helm' });

    assert.deepEqual(live.metadata.finalizers, finalizers);
    assert.deepEqual(live.data, { value: 'ours', injected: 'yes' });
    assert.equal(live.metadata.labels?.['app.kubernetes.io/managed-by'], 'Helm');
    assert.equal(live.metadata.annotations?.['meta.helm.sh/release-name'], undefined);
  });

  it('keeps what people add later with the tool that was adopted', async () => {
    const folder = await tools.folder({ 'all.yaml': configMap('later', 'theirs', { old: 'theirs' }) });
    await tools.kubectl('apply', '-n', fleet.namespace, '-f', folder);
    await bringIn(wanted('later'), ['kubectl']);
    await tools.kubectl('label', 'configmap', 'later', '-n', fleet.namespace, 'seen-by=ana');

    await bringIn(configMap('later', 'ours', { more: 'ours' }), ['kubectl']);

    assert.equal((await readMap('later')).metadata.labels?.['seen-by'], 'ana');
  });
});
