/** The steps of a sequence, and how random ones are made. Steps are data: they print, shrink and play again. */
import fc from 'fast-check';
import type { Trouble } from './machine.ts';
import { FOREIGN_ACTS, type ForeignAct } from './neighbours.ts';
import { FIXED, POOL } from './pool.ts';
import { type DeclaredApplication, type GitChange, POLICIES, type Policy } from './repository.ts';

export type Step =
  | { readonly step: 'commit'; readonly changes: readonly GitChange[] }
  /** A commit of which some applications are not rendered yet, and a run over what is. */
  | { readonly step: 'half-rendered'; readonly changes: readonly GitChange[]; readonly missing: readonly string[] }
  | { readonly step: 'neighbour'; readonly act: ForeignAct }
  | { readonly step: 'run'; readonly trouble?: Trouble | undefined }
  /** A run that stands still at a call, and what happens before it goes on: neighbours meddle with what it is about to write. */
  | {
      readonly step: 'interrupted-run';
      readonly at: Pick<Trouble, 'of' | 'at'>;
      readonly meanwhile: readonly Extract<Step, { step: 'commit' | 'neighbour' }>[];
      /** So long that another worker has the lease, and its run behind it. */
      readonly takenOver: boolean;
    }
  | { readonly step: 'two-workers' }
  /** Blobs: and a run that finds them missing. */
  | { readonly step: 'lose'; readonly what: 'state' | 'state-and-blobs' | 'record' | 'rendering' | 'desired' }
  | { readonly step: 'jump'; readonly hours: number }
  | { readonly step: 'person'; readonly act: 'suspend' | 'resume'; readonly application: string }
  | { readonly step: 'approve' }
  | { readonly step: 'settle' };

const APPLICATIONS = ['red', 'blue', 'green'];

const application = fc.constantFrom(...APPLICATIONS);
const object = fc.constantFrom(...POOL.map(({ name }) => name));
const value = fc.constantFrom('v1', 'v2', 'v3');
const field = fc.constantFrom('x' as const, 'y' as const);
const sometimes = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });

const settings: fc.Arbitrary<Partial<DeclaredApplication>> = fc.oneof(
  fc.record({ suspend: fc.boolean() }),
  fc.record({ prune: fc.boolean() }),
  fc.record({ drift: fc.constantFrom('heal' as const, 'report' as const) }),
  fc.record({ conflicts: fc.constantFrom('fail' as const, 'force' as const) }),
  fc.record({ adopt: fc.boolean() }),
  fc.record({ allowEmpty: fc.boolean() }),
  fc.record({ deletion: fc.constantFrom('orphan' as const, 'prune' as const) }),
  fc.record({ dependsOn: fc.uniqueArray(application, { maxLength: 2 }) }),
  fc.record({ pruneLimit: fc.constantFrom('0%' as const, '50%' as const, '100%' as const) }),
);

const policy: fc.Arbitrary<Policy> = fc.oneof(
  { weight: 3, arbitrary: fc.constant('plain' as const) },
  { weight: 2, arbitrary: fc.constantFrom(...POLICIES) },
);

const declare: fc.Arbitrary<GitChange> = fc
  .record({
    change: fc.constant('declare' as const),
    object,
    application,
    x: sometimes(value),
    y: sometimes(value),
    policy,
    wave: fc.constantFrom(0, 0, 0, 1),
  })
  .map((change) => ({ ...change, policy: peaceful(change.object, change.policy) }));

/** What cannot be changed is a problem for every change, unless it may be replaced: mostly it may. */
function peaceful(name: string, asked: Policy): Policy {
  return name === FIXED && asked === 'plain' ? 'replace' : asked;
}

const rename: fc.Arbitrary<GitChange> = fc.record({
  change: fc.constant('rename' as const),
  application,
  to: application,
  says: fc.boolean(),
});

const gitChange: fc.Arbitrary<GitChange> = fc.oneof(
  { weight: 8, arbitrary: declare },
  { weight: 3, arbitrary: fc.record({ change: fc.constant('drop' as const), object }) },
  { weight: 2, arbitrary: fc.record({ change: fc.constant('ask' as const), object, policy }) },
  { weight: 3, arbitrary: fc.record({ change: fc.constant('move' as const), object, to: application }) },
  { weight: 3, arbitrary: fc.record({ change: fc.constant('set' as const), application, settings }) },
  { weight: 1, arbitrary: fc.record({ change: fc.constant('remove' as const), application }) },
  { weight: 2, arbitrary: rename },
);

const changes = fc.array(gitChange, { minLength: 1, maxLength: 5 });
const commit = fc.record({ step: fc.constant('commit' as const), changes });
const halfRendered = fc.record({
  step: fc.constant('half-rendered' as const),
  changes,
  missing: fc.uniqueArray(application, { minLength: 1, maxLength: 2 }),
});
const neighbour = fc.record({
  step: fc.constant('neighbour' as const),
  act: fc.record({ act: fc.constantFrom(...FOREIGN_ACTS), object, field, value }),
});
/** A run of a few objects makes some 30 calls, a quiet one 20. */
const at: fc.Arbitrary<Pick<Trouble, 'of' | 'at'>> = fc.oneof(
  fc.record({ of: fc.constant('call' as const), at: fc.nat(45) }),
  fc.record({ of: fc.constant('apply' as const), at: fc.nat(8) }),
  fc.record({ of: fc.constant('delete' as const), at: fc.nat(1) }),
);
const how = fc.constantFrom<Trouble['how'][]>('dies-before', 'dies-after', 'loses-cluster');
const trouble: fc.Arbitrary<Trouble> = fc.tuple(at, how).map(([place, what]) => ({ ...place, how: what }));

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: commit },
  { weight: 3, arbitrary: halfRendered },
  { weight: 8, arbitrary: neighbour },
  { weight: 3, arbitrary: fc.record({ step: fc.constant('run' as const) }) },
  { weight: 5, arbitrary: fc.record({ step: fc.constant('run' as const), trouble }) },
  {
    weight: 3,
    arbitrary: fc.record({
      step: fc.constant('interrupted-run' as const),
      at,
      meanwhile: fc.array(fc.oneof(commit, neighbour), { minLength: 1, maxLength: 2 }),
      takenOver: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ step: fc.constant('two-workers' as const) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      step: fc.constant('lose' as const),
      what: fc.constantFrom('state', 'state-and-blobs', 'record', 'rendering', 'desired'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ step: fc.constant('jump' as const), hours: fc.constantFrom(1, 30) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      step: fc.constant('person' as const),
      act: fc.constantFrom('suspend' as const, 'resume' as const),
      application,
    }),
  },
  { weight: 1, arbitrary: fc.record({ step: fc.constant('approve' as const) }) },
  { weight: 4, arbitrary: fc.record({ step: fc.constant('settle' as const) }) },
);

const ending: fc.Arbitrary<GitChange> = fc.oneof(
  fc.record({ change: fc.constant('drop' as const), object }),
  fc.record({ change: fc.constant('move' as const), object, to: application }),
  fc.record({ change: fc.constant('remove' as const), application }),
  rename,
);
const endings = fc.array(ending, { minLength: 1, maxLength: 2 });
/** What makes another object of the one that is about to go. */
const meddling = fc.record({
  step: fc.constant('neighbour' as const),
  act: fc.record({
    act: fc.constantFrom<ForeignAct['act'][]>(
      'recreate-bare',
      'recreate-as-copy',
      'delete',
      'strip-labels',
      'steal-labels',
    ),
    object,
    field,
    value,
  }),
});
const settled: Step = { step: 'settle' };

/** Something that stands is on its way out, and just then neighbours come in between, or half of the commit is missing. */
const departure: fc.Arbitrary<readonly Step[]> = fc.oneof(
  fc
    .tuple(endings, meddling, fc.boolean())
    .map(([leaving, between, takenOver]): readonly Step[] => [
      settled,
      { step: 'commit', changes: leaving },
      { step: 'interrupted-run', at: { of: 'delete', at: 0 }, meanwhile: [between], takenOver },
    ]),
  fc
    .tuple(endings, fc.uniqueArray(application, { minLength: 1, maxLength: 2 }))
    .map(([leaving, missing]): readonly Step[] => [settled, { step: 'half-rendered', changes: leaving, missing }]),
);

/** An application lets its objects go, and others need not notice. */
const farewell: fc.Arbitrary<readonly Step[]> = fc
  .tuple(application, trouble)
  .map(([name, fate]): readonly Step[] => [
    { step: 'commit', changes: [{ change: 'set', application: name, settings: { deletion: 'orphan' } }] },
    settled,
    { step: 'commit', changes: [{ change: 'remove', application: name }] },
    { step: 'run', trouble: fate },
    { step: 'approve' },
  ]);

/** A neighbour holds a field that Git declares only then; what leaves in the same commit has to wait for that quarrel. */
const quarrel: fc.Arbitrary<readonly Step[]> = fc
  .tuple(object, application, endings)
  .map(([name, owner, leaving]): readonly Step[] => {
    const declared = {
      change: 'declare',
      object: name,
      application: owner,
      policy: 'plain',
      wave: 0,
      x: 'v1',
    } as const;
    return [
      { step: 'commit', changes: [declared] },
      settled,
      { step: 'neighbour', act: { act: 'edit-by-update', object: name, field: 'y', value: 'v2' } },
      { step: 'commit', changes: [{ ...declared, y: 'v3' }, ...leaving] },
      { step: 'run' },
    ];
  });

const scene: fc.Arbitrary<readonly Step[]> = fc.oneof(
  { weight: 10, arbitrary: step.map((one) => [one]) },
  { weight: 1, arbitrary: departure },
  { weight: 1, arbitrary: quarrel },
  { weight: 1, arbitrary: farewell },
);

/** A sequence begins with a commit: before it there is nothing that could go wrong. */
export const sequences: fc.Arbitrary<readonly Step[]> = fc
  .tuple(commit, fc.array(scene, { minLength: 3, maxLength: 10, size: 'max' }))
  .map(([first, rest]) => [first, ...rest.flat()]);
