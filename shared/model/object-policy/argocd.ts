/**
 * Annotations of Argo CD 3 on the objects of an application (argo-cd, docs/user-guide/sync-options.md, sync-waves.md,
 * compare-options in diffing.md). What it leaves to chance because no object can ask for it, is accepted here too.
 */
import type { HookDeletePolicy, HookRun } from '../object-policy.ts';
import type { Dialect, Meaning, PolicyPart } from './dialect.ts';
import { waveMeaning } from './wave-meaning.ts';

const ALWAYS_SERVER_SIDE = 'Nothing: every object is applied by server-side apply.';
const COMPARED_BY_SERVER = 'Nothing: comparing always goes by what the API server says we own.';
const OF_APPLICATION = 'Nothing: a setting of whole applications in Argo CD';

export const ARGO_CD: Dialect = {
  tool: 'Argo CD',
  annotations: [
    {
      name: 'argocd.argoproj.io/sync-wave',
      meanings: [waveMeaning('Lower waves are applied and healthy first, within their phase.')],
    },
    {
      name: 'argocd.argoproj.io/hook',
      isList: true,
      meanings: [
        hook('PreSync', 'pre-sync'),
        hook('Sync', 'sync'),
        hook('PostSync', 'post-sync'),
        hook('SyncFail', 'sync-fail'),
        hook('PreDelete', 'pre-delete'),
        hook('PostDelete', 'post-delete'),
        fixed('Skip', 'Neither made, changed nor deleted.', { apply: 'ignore' }),
      ],
    },
    {
      name: 'argocd.argoproj.io/hook-delete-policy',
      isList: true,
      meanings: [
        deletePolicy('BeforeHookCreation', 'before-creation'),
        deletePolicy('HookSucceeded', 'succeeded'),
        deletePolicy('HookFailed', 'failed'),
      ],
    },
    { name: 'argocd.argoproj.io/sync-options', isList: true, meanings: syncOptions() },
    {
      name: 'argocd.argoproj.io/compare-options',
      isList: true,
      meanings: [
        fixed('IgnoreExtraneous', 'Nothing: an object that waits to be pruned does not count as out of sync here.'),
        ...eitherWay('ServerSideDiff', COMPARED_BY_SERVER),
        ...eitherWay('IncludeMutationWebhook', COMPARED_BY_SERVER),
      ],
    },
    {
      name: 'argocd.argoproj.io/ignore-healthcheck',
      meanings: [
        fixed('true', 'Its health counts for nothing and holds nothing back.', { assessHealth: false }),
        fixed('false', 'Its health counts. Default.', { assessHealth: true }),
      ],
    },
  ],
};

function syncOptions(): readonly Meaning[] {
  return [
    fixed('Prune=false', 'Stays when it leaves the repository, and, without `Delete`, when its application does.', {
      prune: 'no',
    }),
    fixed('Prune=confirm', 'Goes when a person has approved, and, without `Delete`, so too with its application.', {
      prune: 'confirm',
    }),
    fixed('Prune=true', 'Goes when it leaves the repository. Default.', { prune: 'yes' }),
    fixed('Delete=false', 'Stays when its application leaves the repository.', { removal: 'no' }),
    fixed('Delete=confirm', 'Goes when its application has left the repository and a person has approved.', {
      removal: 'confirm',
    }),
    fixed('Delete=true', 'Goes with its application.', { removal: 'yes' }),
    fixed('PruneLast=true', 'Goes after everything else that goes.', { pruneLast: true }),
    fixed('PruneLast=false', 'Goes in its turn. Default.', { pruneLast: false }),
    fixed('PrunePropagationPolicy=foreground', 'Deleted after everything that it owns.', { propagation: 'foreground' }),
    fixed('PrunePropagationPolicy=background', 'Deleted at once, what it owns after it.', {
      propagation: 'background',
    }),
    fixed('PrunePropagationPolicy=orphan', 'Deleted alone; what it owns stays.', { propagation: 'orphan' }),
    fixed('Force=true', 'Deleted and made anew where a field must change that cannot be changed.', { replace: true }),
    fixed('Force=false', 'Never deleted for a change. Default.', { replace: false }),
    ...eitherWay(
      'Replace',
      'Nothing: it goes around the size limit of client-side apply, which server-side apply has not.',
    ),
    ...eitherWay(
      'Validate',
      'Nothing: server-side apply refuses fields that a kind does not have, whatever it is asked.',
    ),
    ...eitherWay('ServerSideApply', ALWAYS_SERVER_SIDE),
    ...eitherWay(
      'ClientSideApplyMigration',
      'Nothing: `sync.adopt: [kubectl]` of the application takes over what kubectl applied.',
    ),
    ...eitherWay('SkipDryRunOnMissingResource', 'Nothing: applying needs no dry run; CRDs come before their objects.'),
    ...eitherWay('ApplyOutOfSyncOnly', 'Nothing: what is as it should be is never sent.'),
    ...eitherWay('RespectIgnoreDifferences', `${OF_APPLICATION}; ignored fields are never applied here.`),
    ...eitherWay(
      'FailOnSharedResource',
      `${OF_APPLICATION}; two applications that declare one object are always refused.`,
    ),
    ...eitherWay('CreateNamespace', `${OF_APPLICATION}; here \`createNamespace\` of the application.`),
  ];
}

function fixed(value: string, effect: string, part: PolicyPart = {}): Meaning {
  return { value, effect, part };
}

function eitherWay(option: string, effect: string): readonly Meaning[] {
  return [fixed(`${option}=true`, effect), fixed(`${option}=false`, effect)];
}

function hook(value: string, phase: HookRun['phase']): Meaning {
  return fixed(value, `A hook, as \`plumbline.dev/hook: ${phase}\`.`, { hookRuns: [{ phase, on: 'every' }] });
}

function deletePolicy(value: string, policy: HookDeletePolicy): Meaning {
  return fixed(value, `As \`plumbline.dev/hook-delete-policy: ${policy}\`.`, { hookDeletePolicies: [policy] });
}
