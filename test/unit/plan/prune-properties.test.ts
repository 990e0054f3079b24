/**
 * Whatever is declared, live, remembered and told: nothing that is wanted, foreign, unproven or protected is ever
 * deleted, and nothing at all by a plan that a guard refused. Said apart from how the plan comes to it.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Approval } from '../../../shared/model/approval.ts';
import type { Change } from '../../../shared/model/change.ts';
import type { KubeObject } from '../../../shared/model/kube-object.ts';
import { formatRef } from '../../../shared/model/object-ref.ts';
import { planCluster } from '../../../shared/plan/compare.ts';
import type { PlanInput } from '../../../shared/plan/plan-input.ts';
import { appliedLive, configMap, named, parentOf, planInput, prepared, setIdOf } from './samples.ts';

const APPS = ['a', 'b', 'c'] as const;
const NAMES = ['n0', 'n1', 'n2', 'n3', 'n4', 'n5'] as const;
const ANNOTATIONS: readonly Readonly<Record<string, string>>[] = [
  {},
  { 'plumbline.dev/prune': 'false' },
  { 'plumbline.dev/prune': 'confirm' },
  { 'argocd.argoproj.io/sync-options': 'Delete=false' },
  { 'argocd.argoproj.io/sync-options': 'Prune=confirm' },
  { 'helm.sh/resource-policy': 'keep' },
  { 'plumbline.dev/prune': 'true', 'argocd.argoproj.io/sync-options': 'Prune=false' },
  { 'plumbline.dev/prune': 'false', 'argocd.argoproj.io/sync-options': 'Prune=confirm' },
];
/** Each takes the proof away that an object is ours. */
const UNPROVEN = [
  'proven',
  'other-fleet',
  'no-entry',
  'entry-of-another',
  'label-not-owned',
  'controlled',
  'no-parent',
] as const;

/** Mostly what lets deletions happen, so that the rest is tried one at a time too. */
function mostly<T>(value: T, others: fc.Arbitrary<T>): fc.Arbitrary<T> {
  return fc.oneof({ weight: 5, arbitrary: fc.constant(value) }, { weight: 1, arbitrary: others });
}

const liveObject = fc.record({
  name: fc.constantFrom(...NAMES),
  kind: mostly('ConfigMap', fc.constantFrom('Namespace', 'PersistentVolumeClaim')),
  owner: fc.constantFrom(...APPS),
  proof: mostly<(typeof UNPROVEN)[number]>('proven', fc.constantFrom(...UNPROVEN)),
  annotations: mostly({}, fc.constantFrom(...ANNOTATIONS)),
  deleting: mostly(false, fc.boolean()),
});
type LiveObject = typeof liveObject extends fc.Arbitrary<infer T> ? T : never;

const declaredApplication = fc.record({
  name: fc.constantFrom(...APPS),
  objects: fc.uniqueArray(fc.constantFrom(...NAMES)),
  suspend: mostly(false, fc.boolean()),
  heldBack: mostly(false, fc.boolean()),
  formerName: fc.option(fc.constantFrom(...APPS), { nil: undefined }),
  sync: fc.record({
    prune: mostly(true, fc.boolean()),
    allowEmpty: mostly(true, fc.boolean()),
    pruneLimit: mostly('100%', fc.constantFrom('0%', '50%')),
    allowDeletionOf: fc.subarray(['Namespace', 'PersistentVolumeClaim']),
  }),
});

const worlds = fc.record({
  live: fc.uniqueArray(liveObject, { selector: ({ kind, name }) => `${kind}/${name}`, maxLength: 10 }),
  declared: fc.uniqueArray(declaredApplication, { selector: ({ name }) => name, maxLength: 3 }),
  remembered: fc.record({
    prune: mostly(true, fc.boolean()),
    deletion: fc.constantFrom('prune' as const, 'orphan' as const),
    allowDeletionOf: fc.subarray(['Namespace', 'PersistentVolumeClaim']),
  }),
  complete: mostly(true, fc.boolean()),
  suspensions: mostly<string[]>([], fc.subarray([...APPS, '*'])),
  removes: mostly<string[] | undefined>(undefined, fc.subarray<string>([...APPS])),
  unavailable: mostly<string[]>([], fc.subarray<string>([...APPS])),
});
type World = typeof worlds extends fc.Arbitrary<infer T> ? T : never;

function asLive({ name, kind, owner, proof, annotations, deleting }: LiveObject): KubeObject {
  const labels = {
    'plumbline.dev/fleet': proof === 'other-fleet' ? 'another' : 'demo',
    'applyset.kubernetes.io/part-of': proof === 'no-parent' ? 'applyset-nobody-v1' : setIdOf(owner),
  };
  const plain =
    kind === 'ConfigMap' ? configMap(name) : named(kind, 'v1', name, kind === 'Namespace' ? {} : { namespace: 'web' });
  const live = appliedLive({ ...plain, metadata: { ...plain.metadata, labels, annotations } }, `uid-${kind}-${name}`);
  const [entry] = live.metadata.managedFields ?? [];
  const other = entry && { ...entry, manager: 'kubectl' };
  const managedFields = {
    'no-entry': [],
    'entry-of-another': other ? [other] : [],
    'label-not-owned': entry ? [{ ...entry, fieldsV1: { 'f:data': {} } }] : [],
  };
  const controller = { apiVersion: 'v1', kind: 'Service', name: 'x', uid: 'x', controller: true };
  return {
    ...live,
    metadata: {
      ...live.metadata,
      ...(proof in managedFields && { managedFields: Reflect.get(managedFields, proof) }),
      ...(proof === 'controlled' && { ownerReferences: [controller] }),
      ...(deleting && { deletionTimestamp: '2026-11-21T11:00:00Z' }),
    },
  };
}

function inputOf(world: World, approvals: readonly Approval[] = []): PlanInput {
  const applications = world.declared.map(({ name, objects, heldBack, formerName, ...rest }) =>
    prepared(
      name,
      objects.map((object) => configMap(object)),
      {
        ...rest,
        ...(heldBack && { heldBack: { reason: 'rendering' as const } }),
        ...(formerName !== undefined && { formerNames: [formerName] }),
      },
    ),
  );
  const live = world.live.map(asLive);
  const everything = [
    ...NAMES.map((name) => configMap(name)),
    named('Namespace', 'v1', 'x'),
    named('PersistentVolumeClaim', 'v1', 'x'),
  ];
  const kinds = prepared('x', everything).objects;
  return planInput(applications, {
    live: new Map(
      live.map((object) => [
        formatRef({
          group: '',
          kind: object.kind,
          namespace: object.metadata.namespace ?? '',
          name: object.metadata.name,
        }),
        object,
      ]),
    ),
    parents: APPS.map((name) => parentOf(name, kinds, world.remembered)),
    complete: world.complete,
    suspensions: world.suspensions,
    approvals,
    unavailable: world.unavailable.filter((name) => !world.declared.some((one) => one.name === name)),
    ...(world.removes !== undefined && { removes: world.removes }),
  });
}

/** Who speaks for what an application had: itself, or whoever says that he was called so. */
function speakerOf(owner: string, { declared }: World) {
  const own = declared.find(({ name }) => name === owner);
  if (own) return own;
  return declared.toSorted((x, y) => (x.name < y.name ? -1 : 1)).find(({ formerName }) => formerName === owner);
}

/** Why an object may not be deleted, worked out from the world alone; undefined: it may. */
function whyNot(one: LiveObject, world: World): string | undefined {
  const isWanted = one.kind === 'ConfigMap' && world.declared.some(({ objects }) => objects.includes(one.name));
  if (isWanted) return 'wanted';
  if (one.proof !== 'proven') return one.proof;
  if (one.deleting) return 'being deleted already';
  return whyNotNow(one, world) ?? whyNever(one, world);
}

function whyNotNow({ owner }: LiveObject, world: World): string | undefined {
  const speaker = speakerOf(owner, world);
  const names = ['*', owner, ...(speaker ? [speaker.name] : [])];
  if (!world.complete || speaker?.heldBack) return 'not rendered';
  if (speaker?.suspend || names.some((name) => world.suspensions.includes(name))) return 'suspended';
  if (speaker !== undefined) return undefined;
  if (world.unavailable.includes(owner)) return 'no good state yet';
  return world.removes?.includes(owner) === false ? 'not counted' : undefined;
}

function whyNever({ owner, kind, annotations }: LiveObject, world: World): string | undefined {
  const speaker = speakerOf(owner, world);
  const { prune, allowDeletionOf } = speaker?.sync ?? world.remembered;
  const words = JSON.stringify(annotations);
  if (!prune) return 'does not prune';
  if (speaker === undefined && world.remembered.deletion === 'orphan') return 'let go';
  if (words.includes('confirm')) return 'not confirmed';
  // Contradicted by our own word: a person is asked.
  if (words.includes('Prune=false')) return 'protected';
  if (/prune":"false|keep/.test(words) || (speaker === undefined && words.includes('Delete=false'))) return 'protected';
  return kind !== 'ConfigMap' && !allowDeletionOf.some((one) => one === kind)
    ? 'a kind that is not allowed'
    : undefined;
}

const deletions = (changes: readonly Change[]) =>
  changes.flatMap((change) => (change.op === 'prune' && !change.letsGo ? [change.uid] : []));

test('nothing wanted, foreign, unproven or protected is ever deleted', () => {
  let deleted = 0;
  fc.assert(
    fc.property(worlds, (world) => {
      const { changes } = planCluster(inputOf(world));
      const uids = new Set(deletions(changes));
      deleted += uids.size;
      for (const one of world.live) {
        if (!uids.has(`uid-${one.kind}-${one.name}`)) continue;
        assert.equal(whyNot(one, world), undefined, `${one.kind} ${one.name} is deleted`);
      }
    }),
    { numRuns: 1_500 },
  );
  assert.ok(deleted > 100, 'deletions are planned at all');
});

test('nothing is let go but what is proven to be ours, of applications that are gone and said so', () => {
  let count = 0;
  fc.assert(
    fc.property(worlds, (world) => {
      for (const change of planCluster(inputOf(world)).changes) {
        if (change.op !== 'prune' || !change.letsGo) continue;
        count += 1;
        const one = world.live.find(({ kind, name }) => change.uid === `uid-${kind}-${name}`);
        assert.ok(one?.proof === 'proven' && world.remembered.deletion === 'orphan');
        assert.equal(speakerOf(one.owner, world), undefined);
      }
    }),
    { numRuns: 500 },
  );
  assert.ok(count > 20, 'something is let go at all');
});

test('a plan with a refusal that stops deletions has none, and what is approved is all that goes', () => {
  let approved = 0;
  fc.assert(
    fc.property(worlds, (world) => {
      const plan = planCluster(inputOf(world));
      if (plan.refusals.some(({ stopsPrunes }) => stopsPrunes)) assert.deepEqual(deletions(plan.changes), []);
      const before = new Set(deletions(plan.changes));
      const refusal = plan.refusals.find(({ problem }) => problem.refusal !== undefined);
      if (refusal?.problem.refusal === undefined) return;
      const { digest, application } = refusal.problem.refusal;
      const by = { by: 'ana', atMs: 1, digest, ...(application !== undefined && { application }) };
      const after = planCluster({ ...inputOf(world), approving: [by] });
      const [given] = after.approvals;
      assert.equal(given?.digest, digest);
      approved += 1;
      // For the others the same refusals hold; a guard that stopped everything may have stopped more than its own.
      if (plan.refusals.length > 1 || refusal.stopsPrunes) return;
      for (const uid of deletions(after.changes)) assert.ok(before.has(uid) || given.covers.includes(uid), uid);
    }),
    { numRuns: 500 },
  );
  assert.ok(approved > 20, 'refusals are approved at all');
});

test('everything of ours is accounted for by a parent', () => {
  fc.assert(
    fc.property(worlds, (world) => {
      const { holders } = planCluster(inputOf(world));
      const proven = world.live.filter(({ proof }) => proof === 'proven');
      assert.deepEqual(
        [...holders].map(([key, { parent }]) => `${parent} ${key}`).sort(),
        proven
          .map(({ kind, name, owner }) => {
            const namespace = kind === 'Namespace' ? '' : 'web';
            return `${setIdOf(owner)} ${formatRef({ group: '', kind, namespace, name })}`;
          })
          .sort(),
      );
    }),
    { numRuns: 200 },
  );
});
