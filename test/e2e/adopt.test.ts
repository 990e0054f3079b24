/** Objects of other tools are taken over without being made anew: the real kubectl, the requests of Flux and Argo CD. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import type { KubeObject } from '../../shared/model/kube-object.ts';
import { AdoptionLab, wanted } from './adopt/adoption-lab.ts';
import { configMap } from './reconcile/declared-objects.ts';

let lab: AdoptionLab;
before(async () => {
  lab = await AdoptionLab.open();
});
beforeEach(() => lab.reset());
after(() => lab.close());

describe('an object of', () => {
  it('kubectl apply is taken over, and what only kubectl had goes', async () => {
    const folder = await lab.tools.folder({ 'all.yaml': configMap('applied', 'theirs', { old: 'theirs' }) });
    await lab.tools.kubectl('apply', '-n', lab.fleet.namespace, '-f', folder);
    const before = await lab.readMap('applied');

    await lab.bringIn(wanted('applied'), ['kubectl']);

    await lab.assertTaken('applied', before);
  });

  it('kubectl apply --server-side is taken over', async () => {
    const folder = await lab.tools.folder({ 'all.yaml': configMap('served', 'theirs', { old: 'theirs' }) });
    await lab.tools.kubectl('apply', '--server-side', '-n', lab.fleet.namespace, '-f', folder);
    const before = await lab.readMap('served');

    await lab.bringIn(wanted('served'), ['kubectl']);

    await lab.assertTaken('served', before);
  });

  it('kubectl create is taken over, and without adoption a conflict that names it', async () => {
    await lab.tools.kubectl(
      'create',
      'configmap',
      'made',
      '-n',
      lab.fleet.namespace,
      '--from-literal=value=theirs',
      '--from-literal=old=theirs',
    );
    const before = await lab.readMap('made');

    await lab.bringIn(wanted('made'), []);
    assert.match(
      (await lab.problems())[0] ?? '',
      /data\.value is held by kubectl-create since .*\("theirs" there, "ours" in Git\)/,
    );
    await lab.bringIn(wanted('made'), ['kubectl']);

    await lab.assertTaken('made', before);
  });

  it('an ApplySet of kubectl is refused, and taken over from anyone', async () => {
    const folder = await lab.tools.folder({ 'all.yaml': configMap('set', 'theirs', { old: 'theirs' }) });
    const applySet = ['--prune', '--applyset=configmap/their-set'];
    await lab.tools.kubectl('apply', '--server-side', '-n', lab.fleet.namespace, '-f', folder, ...applySet);
    const before = await lab.readMap('set');

    await lab.bringIn(wanted('set'), ['kubectl']);
    assert.match((await lab.problems())[0] ?? '', /it belongs to ApplySet applyset-/);
    await lab.bringIn(wanted('set'), ['any']);

    await lab.assertTaken('set', before);
  });

  it('a Kustomization of Flux is taken over with its labels', async () => {
    const labels = {
      'kustomize.toolkit.fluxcd.io/name': 'apps',
      'kustomize.toolkit.fluxcd.io/namespace': 'flux-system',
    };
    const annotations = { 'kustomize.toolkit.fluxcd.io/checksum': 'x' };
    const object = lab.theirs('fluxed', { labels, annotations });
    await lab.others.patch(object, 'apply', object, { manager: 'kustomize-controller', force: true });
    const before = await lab.readMap('fluxed');

    await lab.bringIn(wanted('fluxed'), ['helm']);
    assert.match((await lab.problems())[0] ?? '', /it belongs to Flux flux-system\/apps/);
    await lab.bringIn(wanted('fluxed'), ['flux']);

    await lab.assertTaken('fluxed', before);
  });

  it('a HelmRelease of Flux is taken over with the labels of Flux and of Helm', async () => {
    const labels = {
      'app.kubernetes.io/managed-by': 'Helm',
      'helm.toolkit.fluxcd.io/name': 'shop',
      'helm.toolkit.fluxcd.io/namespace': lab.fleet.namespace,
    };
    const annotations = { 'meta.helm.sh/release-name': 'shop', 'meta.helm.sh/release-namespace': lab.fleet.namespace };
    await lab.others.create(lab.theirs('released', { labels, annotations }), { manager: 'helm-controller' });
    const before = await lab.readMap('released');

    await lab.bringIn(wanted('released'), ['flux']);

    await lab.assertTaken('released', before);
  });

  for (const operation of ['Update', 'Apply'] as const) {
    it(`Argo CD, written by ${operation}, is taken over with its tracking and its copy of what it applied`, async () => {
      const name = `argo-${operation.toLowerCase()}`;
      const tracking = `shop:/ConfigMap:${lab.fleet.namespace}/${name}`;
      const annotations = {
        'argocd.argoproj.io/tracking-id': tracking,
        ...(operation === 'Update' && { 'kubectl.kubernetes.io/last-applied-configuration': '{}' }),
      };
      const object = lab.theirs(name, { annotations, labels: { 'app.kubernetes.io/instance': 'shop' } });
      if (operation === 'Update') await lab.others.create(object, { manager: 'argocd-controller' });
      else await lab.others.patch(object, 'apply', object, { manager: 'argocd-controller', force: true });
      const before = await lab.readMap(name);

      await lab.bringIn(wanted(name), []);
      assert.match((await lab.problems())[0] ?? '', /it belongs to Argo CD application shop/);
      await lab.bringIn(wanted(name), ['argocd', 'kubectl']);

      await lab.assertTaken(name, before);
    });
  }

  it('nobody is brought in, and a field that Git does not have stays', async () => {
    const free: KubeObject = { ...lab.theirs('free'), data: { value: 'ours', old: 'theirs' } };
    await lab.others.create(free, { manager: 'somebody' });

    await lab.bringIn(wanted('free'), []);

    assert.deepEqual((await lab.readMap('free')).data, { value: 'ours', old: 'theirs' });
    await lab.assertQuiet();
  });
});

describe('what is taken over', () => {
  it('is so later too, where adoption is asked for after the object was brought in', async () => {
    const folder = await lab.tools.folder({ 'all.yaml': configMap('late', 'ours', { old: 'theirs' }) });
    await lab.tools.kubectl('apply', '-n', lab.fleet.namespace, '-f', folder);
    const before = await lab.readMap('late');
    await lab.bringIn(wanted('late'), []);
    assert.deepEqual((await lab.readMap('late')).data, { value: 'ours', old: 'theirs' });

    await lab.bringIn(wanted('late'), ['kubectl']);

    await lab.assertTaken('late', before);
  });

  it('keeps finalizers, what controllers set, and labels that Git declares', async () => {
    const finalizers = ['example.com/wait'];
    const labels = { 'app.kubernetes.io/managed-by': 'Helm' };
    const annotations = { 'meta.helm.sh/release-name': 'x', 'meta.helm.sh/release-namespace': lab.fleet.namespace };
    await lab.others.create(lab.theirs('held', { finalizers, labels, annotations }), { manager: 'helm' });
    const object = lab.theirs('held');
    await lab.others.patch(object, 'merge', { data: { injected: 'yes' } }, { manager: 'cert-controller' });

    await lab.bringIn(
      wanted('held').replace('{name: held}', '{name: held, labels: {app.kubernetes.io/managed-by: Helm}}'),
      ['any'],
    );
    const live = await lab.readMap('held');
    await lab.others.patch(object, 'merge', { metadata: { finalizers: null } }, { manager: 'helm' });

    assert.deepEqual(live.metadata.finalizers, finalizers);
    assert.deepEqual(live.data, { value: 'ours', injected: 'yes' });
    assert.equal(live.metadata.labels?.['app.kubernetes.io/managed-by'], 'Helm');
    assert.equal(live.metadata.annotations?.['meta.helm.sh/release-name'], undefined);
  });

  it('keeps what people add later with the tool that was adopted', async () => {
    const folder = await lab.tools.folder({ 'all.yaml': configMap('later', 'theirs', { old: 'theirs' }) });
    await lab.tools.kubectl('apply', '-n', lab.fleet.namespace, '-f', folder);
    await lab.bringIn(wanted('later'), ['kubectl']);
    await lab.tools.kubectl('label', 'configmap', 'later', '-n', lab.fleet.namespace, 'seen-by=ana');

    await lab.bringIn(configMap('later', 'ours', { more: 'ours' }), ['kubectl']);

    assert.equal((await lab.readMap('later')).metadata.labels?.['seen-by'], 'ana');
  });
});
