import type { HookDeletePolicy, HookRun, ObjectPolicy } from '../../../../shared/model/object-policy.ts';

type Effect = Partial<ObjectPolicy>;

const NOTHING: Effect = {};
const KEPT: Effect = { prune: 'no', removal: 'no' };

/** What each row of docs/annotations.md does to an object that has no other word; written by hand. */
export const EXPECTED_EFFECTS: Readonly<Record<string, Readonly<Record<string, Effect>>>> = {
  'plumbline.dev/sync-wave': { '-5': { wave: -5 } },
  'plumbline.dev/hook': {
    'pre-sync': hook('pre-sync'),
    sync: hook('sync'),
    'post-sync': hook('post-sync'),
    'sync-fail': hook('sync-fail'),
    'pre-delete': hook('pre-delete'),
    'post-delete': hook('post-delete'),
  },
  'plumbline.dev/hook-delete-policy': {
    'before-creation': deleted('before-creation'),
    succeeded: deleted('succeeded'),
    failed: deleted('failed'),
  },
  'plumbline.dev/hook-timeout': {
    '90s': { hook: { runs: [], deletePolicies: ['before-creation'], timeoutMs: 90_000 } },
  },
  'plumbline.dev/depends-on': {
    'Deployment.apps/web/api': { dependsOn: [{ group: 'apps', kind: 'Deployment', namespace: 'web', name: 'api' }] },
  },
  'plumbline.dev/apply': {
    merge: { apply: 'merge' },
    'create-only': { apply: 'create-only' },
    ignore: { apply: 'ignore' },
  },
  'plumbline.dev/conflicts': { fail: { conflicts: 'fail' }, force: { conflicts: 'force' } },
  'plumbline.dev/drift': { heal: { drift: 'heal' }, report: { drift: 'report' }, ignore: { drift: 'ignore' } },
  'plumbline.dev/ignore': { '/spec/replicas': { ignore: ['/spec/replicas'] } },
  'plumbline.dev/replace': { true: { replace: true }, false: NOTHING },
  'plumbline.dev/prune': { false: KEPT, confirm: { prune: 'confirm', removal: 'confirm' }, true: NOTHING },
  'plumbline.dev/removal': { false: { removal: 'no' }, confirm: { removal: 'confirm' }, true: NOTHING },
  'plumbline.dev/prune-last': { true: { pruneLast: true }, false: NOTHING },
  'plumbline.dev/prune-propagation': {
    background: { propagation: 'background' },
    foreground: { propagation: 'foreground' },
    orphan: { propagation: 'orphan' },
  },
  'plumbline.dev/health': { ignore: { assessHealth: false } },

  'argocd.argoproj.io/sync-wave': { '-5': { wave: -5 } },
  'argocd.argoproj.io/hook': {
    PreSync: hook('pre-sync'),
    Sync: hook('sync'),
    PostSync: hook('post-sync'),
    SyncFail: hook('sync-fail'),
    PreDelete: hook('pre-delete'),
    PostDelete: hook('post-delete'),
    Skip: { apply: 'ignore' },
  },
  'argocd.argoproj.io/hook-delete-policy': {
    BeforeHookCreation: deleted('before-creation'),
    HookSucceeded: deleted('succeeded'),
    HookFailed: deleted('failed'),
  },
  'argocd.argoproj.io/sync-options': {
    'Prune=false': KEPT,
    'Prune=confirm': { prune: 'confirm', removal: 'confirm' },
    'Prune=true': NOTHING,
    'Delete=false': { removal: 'no' },
    'Delete=confirm': { removal: 'confirm' },
    'Delete=true': NOTHING,
    'PruneLast=true': { pruneLast: true },
    'PruneLast=false': NOTHING,
    'PrunePropagationPolicy=foreground': { propagation: 'foreground' },
    'PrunePropagationPolicy=background': { propagation: 'background' },
    'PrunePropagationPolicy=orphan': { propagation: 'orphan' },
    'Force=true': { replace: true },
    'Force=false': NOTHING,
    ...eitherWay('Replace'),
    ...eitherWay('Validate'),
    ...eitherWay('ServerSideApply'),
    ...eitherWay('ClientSideApplyMigration'),
    ...eitherWay('SkipDryRunOnMissingResource'),
    ...eitherWay('ApplyOutOfSyncOnly'),
    ...eitherWay('RespectIgnoreDifferences'),
    ...eitherWay('FailOnSharedResource'),
    ...eitherWay('CreateNamespace'),
  },
  'argocd.argoproj.io/compare-options': {
    IgnoreExtraneous: NOTHING,
    ...eitherWay('ServerSideDiff'),
    ...eitherWay('IncludeMutationWebhook'),
  },
  'argocd.argoproj.io/ignore-healthcheck': { true: { assessHealth: false }, false: NOTHING },

  'helm.sh/hook': {
    'pre-install': hook('pre-sync', 'install'),
    'post-install': hook('post-sync', 'install'),
    'pre-upgrade': hook('pre-sync', 'upgrade'),
    'post-upgrade': hook('post-sync', 'upgrade'),
    'pre-delete': hook('pre-delete'),
    'post-delete': hook('post-delete'),
    'pre-rollback': hook(),
    'post-rollback': hook(),
    test: hook(),
    'test-success': hook(),
    'test-failure': hook(),
    'crd-install': NOTHING,
  },
  'helm.sh/hook-weight': { '-5': { wave: -5, ...hook() } },
  'helm.sh/hook-delete-policy': {
    'before-hook-creation': deleted('before-creation'),
    'hook-succeeded': deleted('succeeded'),
    'hook-failed': deleted('failed'),
  },
  'helm.sh/resource-policy': { keep: KEPT },

  'plumbline.dev/substitute': { disabled: NOTHING },

  'kustomize.toolkit.fluxcd.io/prune': { disabled: KEPT, enabled: NOTHING },
  'kustomize.toolkit.fluxcd.io/reconcile': { disabled: { apply: 'ignore' }, enabled: NOTHING },
  'kustomize.toolkit.fluxcd.io/ssa': {
    Override: NOTHING,
    Merge: { apply: 'merge' },
    IfNotPresent: { apply: 'create-only' },
    Ignore: { apply: 'ignore' },
  },
  'kustomize.toolkit.fluxcd.io/force': { enabled: { replace: true }, disabled: NOTHING },
  'kustomize.toolkit.fluxcd.io/substitute': { disabled: NOTHING, enabled: NOTHING },

  'config.kubernetes.io/depends-on': {
    'apps/namespaces/web/Deployment/api': {
      dependsOn: [{ group: 'apps', kind: 'Deployment', namespace: 'web', name: 'api' }],
    },
  },
  'cli-utils.sigs.k8s.io/on-remove': { keep: KEPT },
  'client.lifecycle.config.k8s.io/deletion': { detach: KEPT },
  'client.lifecycle.config.k8s.io/mutation': { ignore: { apply: 'create-only' } },
};

/** Annotations that say something only on a hook are tried on one that never runs. */
export const TRIED_ON_A_HOOK: ReadonlySet<string> = new Set([
  'plumbline.dev/hook-delete-policy',
  'plumbline.dev/hook-timeout',
  'argocd.argoproj.io/hook-delete-policy',
  'helm.sh/hook-delete-policy',
  'helm.sh/hook-weight',
]);

function hook(phase?: HookRun['phase'], on: HookRun['on'] = 'every'): Effect {
  return { hook: { runs: phase === undefined ? [] : [{ phase, on }], deletePolicies: ['before-creation'] } };
}

function deleted(policy: HookDeletePolicy): Effect {
  return { hook: { runs: [], deletePolicies: [policy] } };
}

function eitherWay(option: string): Readonly<Record<string, Effect>> {
  return { [`${option}=true`]: NOTHING, [`${option}=false`]: NOTHING };
}
