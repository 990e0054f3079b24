/**
 * Annotations of Helm (helm.sh/docs/topics/charts_hooks). They mean the same outside a chart: manifests that were
 * rendered by Helm once and committed keep their hooks.
 */
import type { HookDeletePolicy, HookRun } from '../object-policy.ts';
import type { Dialect, Meaning, PolicyPart } from './dialect.ts';
import { waveMeaning } from './wave-meaning.ts';

const HOOK = 'helm.sh/hook';

export const HELM: Dialect = {
  tool: 'Helm',
  isCaseless: true,
  annotations: [
    {
      name: HOOK,
      isList: true,
      meanings: [
        run('pre-install', 'before everything else, while its application was never brought in', 'pre-sync', 'install'),
        run('post-install', 'when all the rest is healthy, the first time', 'post-sync', 'install'),
        run('pre-upgrade', 'before everything else, for each input after the first', 'pre-sync', 'upgrade'),
        run('post-upgrade', 'when all the rest is healthy, for each input after the first', 'post-sync', 'upgrade'),
        run('pre-delete', 'before the objects of its removed application go', 'pre-delete', 'every'),
        run('post-delete', 'after the objects of its removed application have gone', 'post-delete', 'every'),
        never('pre-rollback', 'going back is a commit like any other'),
        never('post-rollback', 'going back is a commit like any other'),
        never('test', '`helm test` is asked for by people'),
        never('test-success', '`helm test` is asked for by people'),
        never('test-failure', '`helm test` is asked for by people'),
        {
          value: 'crd-install',
          effect:
            'Nothing: an object like others; CRDs always come first, and one run as a hook would be deleted with all that it defines.',
          part: {},
        },
      ],
    },
    {
      name: 'helm.sh/hook-weight',
      beside: HOOK,
      meanings: [waveMeaning('The wave of a hook; it means nothing without `helm.sh/hook`.')],
    },
    {
      name: 'helm.sh/hook-delete-policy',
      isList: true,
      meanings: [
        deletePolicy('before-hook-creation', 'before-creation'),
        deletePolicy('hook-succeeded', 'succeeded'),
        deletePolicy('hook-failed', 'failed'),
      ],
    },
    {
      name: 'helm.sh/resource-policy',
      meanings: [
        {
          value: 'keep',
          effect: 'Stays when it leaves the repository, and when its application does.',
          part: { prune: 'no', removal: 'no' },
        },
      ],
    },
  ],
};

function run(value: string, when: string, phase: HookRun['phase'], on: HookRun['on']): Meaning {
  return { value, effect: `A hook, run ${when}.`, part: { hookRuns: [{ phase, on }] } };
}

function never(value: string, why: string): Meaning {
  const part: PolicyPart = { hookRuns: [] };
  return { value, effect: `A hook that never runs: ${why}.`, part };
}

function deletePolicy(value: string, policy: HookDeletePolicy): Meaning {
  const effect = `As \`plumbline.dev/hook-delete-policy: ${policy}\`.`;
  return { value, effect, part: { hookDeletePolicies: [policy] } };
}
