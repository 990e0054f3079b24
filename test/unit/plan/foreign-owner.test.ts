import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ObjectMeta } from '../../../shared/model/kube-object.ts';
import { foreignOwnerOf } from '../../../shared/plan/foreign-owner.ts';
import { appliedLive, configMap, FLEET, prepared, setIdOf } from './samples.ts';

const ours = { fleet: FLEET, applySetIds: new Set([setIdOf('web'), setIdOf('new')]), adopt: [] } as const;

const CASES: readonly (readonly [string, Partial<ObjectMeta>, adopt: 'helm' | 'flux' | 'argocd' | 'any', RegExp])[] = [
  [
    'a Helm release',
    {
      labels: { 'app.kubernetes.io/managed-by': 'Helm' },
      annotations: { 'meta.helm.sh/release-name': 'web', 'meta.helm.sh/release-namespace': 'prod' },
    },
    'helm',
    /Helm release prod\/web/,
  ],
  [
    'a Flux Kustomization',
    { labels: { 'kustomize.toolkit.fluxcd.io/name': 'apps', 'kustomize.toolkit.fluxcd.io/namespace': 'flux-system' } },
    'flux',
    /Flux flux-system\/apps/,
  ],
  ['a Flux HelmRelease', { labels: { 'helm.toolkit.fluxcd.io/name': 'web' } }, 'flux', /Flux \?\/web/],
  [
    'Argo CD by annotation',
    { annotations: { 'argocd.argoproj.io/tracking-id': 'shop:apps/Deployment:web/api' } },
    'argocd',
    /Argo CD application shop/,
  ],
  [
    'Argo CD by label and manager',
    {
      labels: { 'app.kubernetes.io/instance': 'shop' },
      managedFields: [{ manager: 'argocd-controller', operation: 'Apply' }],
    },
    'argocd',
    /Argo CD application shop/,
  ],
  [
    'another ApplySet',
    { labels: { 'applyset.kubernetes.io/part-of': 'applyset-x-v1' } },
    'any',
    /ApplySet applyset-x-v1/,
  ],
  ['another fleet', { labels: { 'plumbline.dev/fleet': 'theirs' } }, 'any', /fleet theirs/],
];

for (const [whose, metadata, adopt, expected] of CASES) {
  test(`an object of ${whose} is theirs until it is adopted`, () => {
    const live = configMap('flags', {}, metadata);

    const problem = foreignOwnerOf(live, ours);

    assert.equal(problem?.code, 'FieldConflict');
    assert.match(problem.wrong, expected);
    assert.ok(problem.remedy.includes(`sync.adopt: [${adopt}]`));
    assert.equal(foreignOwnerOf(live, { ...ours, adopt: [adopt] }), undefined);
    assert.ok(foreignOwnerOf(live, { ...ours, adopt: ['kubectl'] }));
  });
}

test('an object of ours, or of nobody, is free', () => {
  const [object] = prepared('web', [configMap('flags')]).objects;
  assert.ok(object);

  assert.equal(foreignOwnerOf(appliedLive(object.object), ours), undefined);
  assert.equal(
    foreignOwnerOf(configMap('flags', {}, { labels: { 'app.kubernetes.io/instance': 'web' } }), ours),
    undefined,
  );
});

test('an object of ours that still carries the marks of its old tool is ours', () => {
  const labels = { 'applyset.kubernetes.io/part-of': setIdOf('web'), 'helm.toolkit.fluxcd.io/name': 'web' };

  assert.equal(foreignOwnerOf(configMap('flags', {}, { labels }), ours), undefined);
});
