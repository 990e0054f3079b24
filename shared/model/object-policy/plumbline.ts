/** Our own annotations. */
import { durationMs } from '../duration.ts';
import type { ObjectRef } from '../object-ref.ts';
import type { Dialect, Meaning, PolicyPart } from './dialect.ts';
import { waveMeaning } from './wave-meaning.ts';

export const PLUMBLINE: Dialect = {
  tool: 'Plumbline',
  own: { prefix: 'plumbline.dev/', written: ['plumbline.dev/applied', 'plumbline.dev/hook-run'] },
  annotations: [
    {
      name: 'plumbline.dev/sync-wave',
      meanings: [waveMeaning('Lower waves are applied and healthy first, within their phase. Default 0.')],
    },
    { name: 'plumbline.dev/hook', isList: true, meanings: hookMeanings() },
    {
      name: 'plumbline.dev/hook-delete-policy',
      isList: true,
      meanings: [
        fixed('before-creation', 'What the last run left is deleted right before the next. Default.', {
          hookDeletePolicies: ['before-creation'],
        }),
        fixed('succeeded', 'Deleted when it has succeeded.', { hookDeletePolicies: ['succeeded'] }),
        fixed('failed', 'Deleted when it has failed.', { hookDeletePolicies: ['failed'] }),
      ],
    },
    {
      name: 'plumbline.dev/hook-timeout',
      meanings: [
        {
          form: 'a duration such as "90s", "10m", "1h"',
          example: '90s',
          effect: 'A hook that takes longer has failed. Default: `sync.timeout` of the application.',
          read: (value) => (/^[1-9][0-9]{0,5}[smh]$/.test(value) ? { hookTimeoutMs: durationMs(value) } : undefined),
        },
      ],
    },
    {
      name: 'plumbline.dev/depends-on',
      isList: true,
      meanings: [
        {
          form: 'objects as they are printed, such as "Deployment.apps/web/api" or "Namespace/web"',
          example: 'Deployment.apps/web/api',
          effect: 'That object is applied and healthy first; it goes later.',
          read: dependency,
        },
      ],
    },
    {
      name: 'plumbline.dev/apply',
      meanings: [
        fixed('merge', 'What other tools add to it is never taken away.', { apply: 'merge' }),
        fixed('create-only', 'Made where it is missing, and never changed after that.', { apply: 'create-only' }),
        fixed('ignore', 'Neither made, changed nor deleted.', { apply: 'ignore' }),
      ],
    },
    {
      name: 'plumbline.dev/conflicts',
      meanings: [
        fixed('fail', 'A field that another manager holds is reported, whatever `sync.conflicts` says.', {
          conflicts: 'fail',
        }),
        fixed('force', 'A field that another manager holds is taken, whatever `sync.conflicts` says.', {
          conflicts: 'force',
        }),
      ],
    },
    {
      name: 'plumbline.dev/drift',
      meanings: [
        fixed('heal', 'Changes made in the cluster are taken back, whatever `sync.drift` says.', { drift: 'heal' }),
        fixed('report', 'Changes made in the cluster are reported and left.', { drift: 'report' }),
        fixed('ignore', 'Changes made in the cluster are left.', { drift: 'ignore' }),
      ],
    },
    {
      name: 'plumbline.dev/ignore',
      isList: true,
      meanings: [
        {
          form: 'JSON pointers such as "/spec/replicas", with "*" for any one segment',
          example: '/spec/replicas',
          effect: 'The field is left to others once the object exists.',
          read: (value) => (/^(\/([^~/]|~[01])+)+$/.test(value) ? { ignore: [value] } : undefined),
        },
      ],
    },
    {
      name: 'plumbline.dev/replace',
      meanings: [
        fixed('true', 'Deleted and made anew where a field must change that cannot be changed.', { replace: true }),
        fixed('false', 'Never deleted for a change. Default.', { replace: false }),
      ],
    },
    {
      name: 'plumbline.dev/prune',
      meanings: [
        fixed(
          'false',
          'Stays when it leaves the repository, and, unless `removal` says otherwise, when its application does.',
          {
            prune: 'no',
          },
        ),
        fixed(
          'confirm',
          'Goes when it has left the repository and a person has approved; so too with its application, unless `removal` says otherwise.',
          {
            prune: 'confirm',
          },
        ),
        fixed('true', 'Goes when it leaves the repository, as far as `sync.prune` allows. Default.', { prune: 'yes' }),
      ],
    },
    {
      name: 'plumbline.dev/removal',
      meanings: [
        fixed('false', 'Stays when its application leaves the repository.', { removal: 'no' }),
        fixed('confirm', 'Goes when its application has left the repository and a person has approved.', {
          removal: 'confirm',
        }),
        fixed('true', 'Goes with its application. Default, unless `prune` says otherwise.', { removal: 'yes' }),
      ],
    },
    {
      name: 'plumbline.dev/prune-last',
      meanings: [
        fixed('true', 'Goes after everything else that goes.', { pruneLast: true }),
        fixed('false', 'Goes in its turn. Default.', { pruneLast: false }),
      ],
    },
    {
      name: 'plumbline.dev/prune-propagation',
      meanings: [
        fixed('background', 'Deleted at once, what it owns after it.', { propagation: 'background' }),
        fixed('foreground', 'Deleted after everything that it owns.', { propagation: 'foreground' }),
        fixed('orphan', 'Deleted alone; what it owns stays.', { propagation: 'orphan' }),
      ],
    },
    {
      name: 'plumbline.dev/health',
      meanings: [fixed('ignore', 'Its health counts for nothing and holds nothing back.', { assessHealth: false })],
    },
    {
      name: 'plumbline.dev/substitute',
      meanings: [
        fixed('disabled', 'Its variables are left as they are, also where render.substitute asks for them.', {}),
      ],
    },
  ],
};

function fixed(value: string, effect: string, part: PolicyPart): Meaning {
  return { value, effect, part };
}

function hookMeanings(): readonly Meaning[] {
  const run = 'A hook, run once for each input of its application:';
  return [
    fixed('pre-sync', `${run} before everything else.`, { hookRuns: [{ phase: 'pre-sync', on: 'every' }] }),
    fixed('sync', `${run} among the other objects, in its wave.`, { hookRuns: [{ phase: 'sync', on: 'every' }] }),
    fixed('post-sync', `${run} when all the rest is healthy.`, { hookRuns: [{ phase: 'post-sync', on: 'every' }] }),
    fixed('sync-fail', `${run} when it could not be brought in.`, { hookRuns: [{ phase: 'sync-fail', on: 'every' }] }),
    fixed('pre-delete', 'A hook, run before the objects of its removed application go.', {
      hookRuns: [{ phase: 'pre-delete', on: 'every' }],
    }),
    fixed('post-delete', 'A hook, run after the objects of its removed application have gone.', {
      hookRuns: [{ phase: 'post-delete', on: 'every' }],
    }),
  ];
}

/** `Deployment.apps/web/api` is namespaced, `Namespace/web` is not. */
function dependency(value: string): PolicyPart | undefined {
  const match =
    /^(?<kind>[A-Z][A-Za-z0-9]*)(\.(?<group>[a-z0-9.-]+))?(\/(?<namespace>[^/\s]+))?\/(?<name>[^/\s]+)$/.exec(
      value,
    )?.groups;
  if (match === undefined) return undefined;
  const { kind = '', group = '', namespace = '', name = '' } = match;
  const ref: ObjectRef = { group, kind, namespace, name };
  return { dependsOn: [ref] };
}
