import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as names from '../../../../shared/config/names.ts';
import { readObjectPolicy } from '../../../../shared/model/object-policy/read-object-policy.ts';
import { DEFAULT_POLICY } from '../../../../shared/model/object-policy.ts';
import { formatProblem } from '../../../../shared/model/problem.ts';

describe('annotations that go together', () => {
  it('runs every time what Helm runs at install and at upgrade, as Argo CD says it', () => {
    const { policy } = read({ 'helm.sh/hook': 'pre-install, Pre-Upgrade', 'argocd.argoproj.io/hook': 'PreSync' });

    assert.deepEqual(policy.hook?.runs, [{ phase: 'pre-sync', on: 'every' }]);
  });

  it('joins the values of a list', () => {
    const { policy } = read({
      'argocd.argoproj.io/sync-options': ' Prune=false,PruneLast=true, ',
      'config.kubernetes.io/depends-on': '/namespaces/web/ConfigMap/flags, /Namespace/web',
      'helm.sh/hook': 'post-install,test',
      'helm.sh/hook-delete-policy': 'before-hook-creation,hook-succeeded',
    });

    assert.deepEqual([policy.prune, policy.pruneLast], ['no', true]);
    assert.deepEqual(policy.dependsOn, [
      { group: '', kind: 'ConfigMap', namespace: 'web', name: 'flags' },
      { group: '', kind: 'Namespace', namespace: '', name: 'web' },
    ]);
    assert.deepEqual(policy.hook, {
      runs: [{ phase: 'post-sync', on: 'install' }],
      deletePolicies: ['before-creation', 'succeeded'],
    });
  });

  it('takes the same word from two tools', () => {
    const { problem, policy } = read({ 'helm.sh/resource-policy': 'keep', 'plumbline.dev/prune': 'false' });

    assert.equal(problem, undefined);
    assert.equal(policy.prune, 'no');
  });

  it('lets removal differ from prune', () => {
    const { policy } = read({ 'argocd.argoproj.io/sync-options': 'Prune=false,Delete=true' });

    assert.deepEqual([policy.prune, policy.removal], ['no', 'yes']);
  });

  it('reads labels where Flux does, in any case', () => {
    const labels = { 'kustomize.toolkit.fluxcd.io/ssa': 'ifnotpresent', 'plumbline.dev/fleet': 'prod' };

    const { policy } = readObjectPolicy({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'flags', labels } });

    assert.equal(policy.apply, 'create-only');
  });

  it('takes no weight from an object that is no hook', () => {
    assert.deepEqual(read({ 'helm.sh/hook-weight': 'soon' }), { policy: DEFAULT_POLICY });
  });

  it('leaves annotations of others alone', () => {
    const others = { 'argocd.argoproj.io/tracking-id': 'a:b', 'kustomize.toolkit.fluxcd.io/checksum': '1' };

    assert.deepEqual(read(others), { policy: DEFAULT_POLICY });
  });

  it('knows every annotation that we write ourselves', () => {
    const written = Object.values(names).flatMap((name) =>
      typeof name === 'string' && name.startsWith('plumbline.dev/') ? [name] : [],
    );

    assert.ok(written.includes(names.APPLIED_ANNOTATION));
    const annotations = written.filter((name) => name !== names.FLEET_LABEL && name !== names.APPLICATION_LABEL);
    for (const name of annotations) {
      const { problem } = read({ [name]: name === names.PRUNE_ANNOTATION ? 'true' : 'x' });
      assert.equal(problem, undefined, name);
    }
  });
});

describe('annotations that cannot be gone by', () => {
  const cases: readonly (readonly [title: string, annotations: Readonly<Record<string, string>>, message: string])[] = [
    [
      'of two tools that disagree: both are quoted',
      { 'plumbline.dev/prune': 'false', 'argocd.argoproj.io/sync-options': 'Prune=confirm' },
      'annotations plumbline.dev/prune: "false" and argocd.argoproj.io/sync-options: "Prune=confirm" contradict each other; take one of them away, or let both say the same',
    ],
    [
      'of one tool that disagree',
      { 'kustomize.toolkit.fluxcd.io/reconcile': 'disabled', 'kustomize.toolkit.fluxcd.io/ssa': 'Merge' },
      'annotations kustomize.toolkit.fluxcd.io/reconcile: "disabled" and kustomize.toolkit.fluxcd.io/ssa: "Merge" contradict each other; take one of them away, or let both say the same',
    ],
    [
      'of hooks that run at other times',
      { 'helm.sh/hook': 'post-install', 'argocd.argoproj.io/hook': 'PreSync' },
      'annotations argocd.argoproj.io/hook: "PreSync" and helm.sh/hook: "post-install" contradict each other; take one of them away, or let both say the same',
    ],
    [
      'a list that contradicts itself',
      { 'argocd.argoproj.io/sync-options': 'Prune=false,Prune=confirm' },
      'annotation argocd.argoproj.io/sync-options: "Prune=false,Prune=confirm" contradicts itself; take "Prune=confirm" or what stands before it away',
    ],
    [
      'a typing error in a name of ours',
      { 'plumbline.dev/sync-waev': '1' },
      'annotation plumbline.dev/sync-waev means nothing; did you mean "plumbline.dev/sync-wave"?',
    ],
    [
      'a typing error in a value',
      { 'helm.sh/hook': 'pre-install,post-instal' },
      'annotation helm.sh/hook holds "post-instal"; did you mean "post-install"?',
    ],
    [
      'a value far from all others',
      { 'plumbline.dev/drift': 'whatever' },
      'annotation plumbline.dev/drift is "whatever"; give one of "heal", "report", "ignore"',
    ],
    [
      'a wave that is no number',
      { 'argocd.argoproj.io/sync-wave': 'first' },
      'annotation argocd.argoproj.io/sync-wave is "first"; give a whole number such as "-1" or "10"',
    ],
    [
      'a dependency in the form of another tool',
      { 'config.kubernetes.io/depends-on': 'Deployment.apps/web/api' },
      'annotation config.kubernetes.io/depends-on holds "Deployment.apps/web/api"; give "<group>/namespaces/<namespace>/<kind>/<name>", or "<group>/<kind>/<name>" for what has no namespace; the core group is empty',
    ],
    [
      'a field that is no pointer',
      { 'plumbline.dev/ignore': 'spec.replicas' },
      'annotation plumbline.dev/ignore holds "spec.replicas"; give JSON pointers such as "/spec/replicas", with "*" for any one segment',
    ],
    [
      'a time without unit',
      { 'plumbline.dev/hook-timeout': '90' },
      'annotation plumbline.dev/hook-timeout is "90"; give a duration such as "90s", "10m", "1h"',
    ],
  ];
  for (const [title, annotations, message] of cases) {
    it(title, () => {
      const { problem, policy } = read(annotations);

      assert.ok(problem);
      assert.equal(formatProblem(problem), `ConfigMap/web/flags: plan: ${message}`);
      assert.deepEqual([policy.prune, policy.removal], ['no', 'no'], 'what is not understood is not deleted');
    });
  }
});

function read(annotations: Readonly<Record<string, string>>) {
  const metadata = { name: 'flags', namespace: 'web', annotations };
  return readObjectPolicy({ apiVersion: 'v1', kind: 'ConfigMap', metadata });
}
