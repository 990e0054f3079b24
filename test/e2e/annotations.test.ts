/** A repository that was written for other tools, annotations and all, brought in as it stands. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { ObjectRef } from '../../shared/model/object-ref.ts';
import { podsDoNotRun } from '../controlplane/shared-cluster.ts';
import { type FleetUnderTest, fleetUnderTest } from './reconcile/fleet-under-test.ts';

type Annotations = Readonly<Record<string, string>>;

const flux = (word: string) => `kustomize.toolkit.fluxcd.io/${word}`;
const argo = (word: string) => `argocd.argoproj.io/${word}`;

const MANIFESTS = [
  // Argo CD
  configMap('argo-first', { [argo('sync-wave')]: '-5', [argo('compare-options')]: 'IgnoreExtraneous' }),
  configMap('argo-kept', { [argo('sync-options')]: 'Prune=false,ServerSideApply=true,Replace=true' }),
  configMap('argo-last', { [argo('sync-options')]: 'PruneLast=true,SkipDryRunOnMissingResource=true,Validate=false' }),
  configMap('argo-skipped', { [argo('hook')]: 'Skip' }),
  job('argo-hook', { [argo('hook')]: 'PreSync', [argo('hook-delete-policy')]: 'BeforeHookCreation' }),
  deployment('argo-ill', { [argo('ignore-healthcheck')]: 'true', 'plumbline.test/behaviour': 'image-pull-backoff' }),
  // Helm
  job('helm-hook', {
    'helm.sh/hook': 'pre-install,pre-upgrade',
    'helm.sh/hook-weight': '-5',
    'helm.sh/hook-delete-policy': 'before-hook-creation',
  }),
  job('helm-upgrade', { 'helm.sh/hook': 'post-upgrade' }),
  job('helm-test', { 'helm.sh/hook': 'test' }),
  configMap('helm-kept', { 'helm.sh/resource-policy': 'keep' }),
  // Flux
  configMap('flux-once', { [flux('ssa')]: 'IfNotPresent' }),
  configMap('flux-merged', { [flux('ssa')]: 'merge', [flux('force')]: 'Enabled' }),
  configMap('flux-disabled', { [flux('reconcile')]: 'disabled' }),
  configMap('flux-kept', { [flux('prune')]: 'disabled', [flux('substitute')]: 'disabled' }),
  // cli-utils
  configMap('cli-kept', { 'cli-utils.sigs.k8s.io/on-remove': 'keep' }),
  configMap('cli-detached', { 'client.lifecycle.config.k8s.io/deletion': 'detach' }),
  configMap('cli-once', { 'client.lifecycle.config.k8s.io/mutation': 'ignore' }),
];
/** While nobody has approved, what is to go last stays too. */
const ASKED = configMap('argo-asked', { [argo('sync-options')]: 'Prune=confirm, PrunePropagationPolicy=foreground' });
const ONCE = ['flux-once', 'cli-once'];
const KEPT = ['argo-kept', 'helm-kept', 'flux-kept', 'cli-kept', 'cli-detached'];
const NEVER_MADE = ['argo-skipped', 'flux-disabled'];

describe('a repository full of annotations of other tools', { skip: podsDoNotRun }, () => {
  let fleet: FleetUnderTest;
  before(async () => {
    fleet = await fleetUnderTest();
  });
  after(() => fleet.close());

  const flags = (name: string): ObjectRef => ({ group: '', kind: 'ConfigMap', namespace: fleet.namespace, name });
  const jobOf = (name: string): ObjectRef => ({ group: 'batch', kind: 'Job', namespace: fleet.namespace, name });
  const present = async (refs: readonly ObjectRef[]) => {
    const found = await Promise.all(refs.map(async (ref) => ((await fleet.read(ref)) ? [ref.name] : [])));
    return found.flat().sort();
  };
  const namesIn = (manifests: readonly string[]) =>
    manifests.filter((text) => text.includes('kind: ConfigMap')).map((text) => /name: ([\w-]+)/.exec(text)?.[1] ?? '');
  const dependent = () => {
    const ref = `/namespaces/${fleet.namespace}/ConfigMap/argo-first, apps/namespaces/${fleet.namespace}/Deployment/argo-ill`;
    return configMap('cli-dependent', { 'config.kubernetes.io/depends-on': ref });
  };
  const wantAll = (manifests: readonly string[], asked: string) => {
    const settings = { sync: { pruneLimit: '100%', allowEmpty: true } };
    return fleet.want({ web: { objects: manifests.join(''), settings }, asked: { objects: asked, settings } });
  };

  it('is applied without edits, each object as its tool would have it', async () => {
    const manifests = [...MANIFESTS, dependent()];

    await wantAll(manifests, ASKED);
    await fleet.settle();

    const { sync, health, problems } = await fleet.status();
    assert.deepEqual({ sync, health, problems }, { sync: 'synced', health: 'healthy', problems: [] });
    const all = namesIn([...manifests, ASKED]);
    assert.deepEqual(await present(all.map(flags)), all.filter((name) => !NEVER_MADE.includes(name)).sort());
    const jobs = ['argo-hook', 'helm-hook', 'helm-upgrade', 'helm-test'];
    assert.deepEqual(
      await present(jobs.map(jobOf)),
      ['argo-hook', 'helm-hook'],
      'an upgrade comes later, a test never',
    );
  });

  it('changes what may be changed', async () => {
    const changed = [...MANIFESTS, dependent()].map((text) => text.replace('value: "1"', 'value: "2"'));

    await wantAll(changed, ASKED);
    await fleet.settle();

    const contentOf = async (name: string) => (await fleet.read(flags(name)))?.data;
    assert.deepEqual((await fleet.status()).problems, []);
    assert.deepEqual(await contentOf('argo-kept'), { value: '2' });
    for (const name of ONCE) assert.deepEqual(await contentOf(name), { value: '1' }, name);
    assert.deepEqual(await present([jobOf('helm-upgrade')]), ['helm-upgrade']);
  });

  it('leaves what its tools would leave when it goes', async () => {
    const all = [...namesIn([...MANIFESTS, dependent()]), 'argo-asked'];

    await wantAll([], ASKED);
    await fleet.settle();
    const left = await present(all.map(flags));
    await wantAll([], '');
    await fleet.settle();
    const unapproved = await present([flags('argo-asked')]);

    assert.deepEqual(left, [...KEPT, 'argo-asked'].sort());
    assert.deepEqual(unapproved, ['argo-asked']);
    assert.match(JSON.stringify((await fleet.status()).problems), /argo-asked.*approve/);
  });
});

function configMap(name: string, annotations: Annotations): string {
  return `---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}, annotations: ${JSON.stringify(annotations)}}\ndata: {value: "1"}\n`;
}

function job(name: string, annotations: Annotations): string {
  return `---
apiVersion: batch/v1
kind: Job
metadata: {name: ${name}, annotations: ${JSON.stringify(annotations)}}
spec:
  template:
    spec: {restartPolicy: Never, containers: [{name: main, image: task}]}
`;
}

function deployment(name: string, annotations: Annotations): string {
  return `---
apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}, annotations: ${JSON.stringify(annotations)}}
spec:
  selector: {matchLabels: {app: ${name}}}
  template:
    metadata: {labels: {app: ${name}}, annotations: ${JSON.stringify(annotations)}}
    spec: {containers: [{name: main, image: web}], terminationGracePeriodSeconds: 0}
`;
}
