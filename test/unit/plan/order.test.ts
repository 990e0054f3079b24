import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Change } from '../../../shared/model/change.ts';
import { type KubeObject, refOf } from '../../../shared/model/kube-object.ts';
import { readObjectPolicy } from '../../../shared/model/object-policy/read-object-policy.ts';
import { formatRef } from '../../../shared/model/object-ref.ts';
import { FOUNDATION_WAVE, orderPruneWaves, orderWaves, WEBHOOK_WAVE, waveOf } from '../../../shared/plan/order.ts';
import { configMap, deployment, named } from './samples.ts';

const KINDS = [
  ['Namespace', 'v1'],
  ['CustomResourceDefinition', 'apiextensions.k8s.io/v1'],
  ['ConfigMap', 'v1'],
  ['Deployment', 'apps/v1'],
  ['Widget', 'example.com/v1'],
  ['ValidatingWebhookConfiguration', 'admissionregistration.k8s.io/v1'],
] as const;

function keep(object: KubeObject, application = 'web'): Change {
  return {
    op: 'keep',
    ref: refOf(object),
    application,
    wave: waveOf(object, readObjectPolicy(object).policy),
    live: object,
  };
}

const changes = fc.uniqueArray(
  fc
    .record({
      kind: fc.constantFrom(...KINDS),
      name: fc.constantFrom('a', 'b', 'c', 'd'),
      wave: fc.integer({ min: -3, max: 3 }),
      application: fc.constantFrom('one', 'two'),
    })
    .map(({ kind: [kind, apiVersion], name, wave, application }) =>
      keep(named(kind, apiVersion, name, { annotations: { 'plumbline.dev/sync-wave': String(wave) } }), application),
    ),
  { selector: (change) => `${change.ref.kind}/${change.ref.name}/${change.application}` },
);
const levelOf = (application: string) => (application === 'one' ? 0 : 1);

test('the order is a permutation, the same for every order of the input', () => {
  fc.assert(
    fc.property(changes, fc.integer(), (input, seed) => {
      const ordered = orderWaves(input, levelOf).flatMap((wave) => wave.changes);
      const shuffled = input.toSorted(
        (a, b) => ((a.ref.name.charCodeAt(0) * seed) % 7) - ((b.ref.name.charCodeAt(0) * seed) % 7),
      );

      assert.deepEqual(new Set(ordered), new Set(input));
      assert.equal(ordered.length, input.length);
      assert.deepEqual(
        orderWaves(shuffled, levelOf).flatMap((wave) => wave.changes),
        ordered,
      );
    }),
  );
});

test('waves rise within a level, levels rise, and foundations come before all', () => {
  fc.assert(
    fc.property(changes, (input) => {
      const waves = orderWaves(input, levelOf);

      for (const [at, wave] of waves.entries()) {
        assert.ok(wave.changes.every((change) => change.wave === wave.wave));
        const next = waves[at + 1];
        if (!next) continue;
        const isLater = next.level > wave.level || (next.level === wave.level && next.wave > wave.wave);
        assert.ok(wave.wave === FOUNDATION_WAVE || isLater);
        assert.ok(next.wave !== FOUNDATION_WAVE);
      }
    }),
  );
});

test('deletions go in exactly the reverse order', () => {
  fc.assert(
    fc.property(changes, (input) => {
      const forward = orderWaves(input, levelOf).flatMap((wave) => wave.changes);

      assert.deepEqual(
        orderPruneWaves(input, levelOf).flatMap((wave) => wave.changes),
        forward.toReversed(),
      );
    }),
  );
});

test('within a wave, what others need comes first and custom kinds last', () => {
  const objects = [
    named('Widget', 'example.com/v1', 'w'),
    deployment('d'),
    configMap('c'),
    named('RoleBinding', 'rbac.authorization.k8s.io/v1', 'rb'),
    named('ServiceAccount', 'v1', 'sa'),
    named('Role', 'rbac.authorization.k8s.io/v1', 'r'),
  ];

  const [wave] = orderWaves(
    objects.map((object) => keep(object)),
    levelOf,
  );

  assert.deepEqual(
    wave?.changes.map(({ ref }) => ref.kind),
    ['ServiceAccount', 'Role', 'RoleBinding', 'ConfigMap', 'Deployment', 'Widget'],
  );
});

test('webhooks come after the waves of their application and before what depends on it', () => {
  const webhook = named('ValidatingWebhookConfiguration', 'admissionregistration.k8s.io/v1', 'hook');
  const late = configMap('late', {}, { annotations: { 'plumbline.dev/sync-wave': '99' } });

  const ordered = orderWaves([keep(configMap('user'), 'two'), keep(webhook, 'one'), keep(late, 'one')], levelOf);

  assert.deepEqual(
    ordered.flatMap((wave) => wave.changes).map(({ ref }) => ref.name),
    ['late', 'hook', 'user'],
  );
});

test('a wave is what the policy says, but for foundations and webhooks', () => {
  assert.equal(waveOf(configMap('x'), { wave: -1 }), -1);
  assert.equal(waveOf(named('Namespace', 'v1', 'x'), { wave: 7 }), FOUNDATION_WAVE);
  const webhook = named('MutatingWebhookConfiguration', 'admissionregistration.k8s.io/v1', 'x');
  assert.equal(waveOf(webhook, { wave: 0 }), WEBHOOK_WAVE);
});

test('a wave is read from the annotation, and a wrong one is a problem', () => {
  const read = (wave: string) =>
    readObjectPolicy(configMap('x', {}, { annotations: { 'plumbline.dev/sync-wave': wave } }));

  assert.deepEqual(
    [read('-1'), read('+2'), read('10')].map(({ policy }) => policy.wave),
    [-1, 2, 10],
  );
  for (const wrong of ['', '1.5', 'first', '9999999999']) assert.equal(read(wrong).problem?.code, 'ConfigInvalid');
});

test('the waves survive JSON', () => {
  assert.deepEqual(JSON.parse(JSON.stringify([FOUNDATION_WAVE, WEBHOOK_WAVE])), [FOUNDATION_WAVE, WEBHOOK_WAVE]);
});

/** Objects that may depend on those before them alone, so that no circle comes about. */
const needsAmong = (input: readonly Change[]) =>
  fc.array(fc.tuple(fc.nat(), fc.nat()), { maxLength: 12 }).map((pairs) => {
    const needs = new Map<string, string[]>();
    for (const [a, b] of input.length === 0 ? [] : pairs) {
      const [from, to] = [a % input.length, b % input.length].sort((x, y) => y - x);
      const dependent = input[from ?? 0];
      const needed = input[to ?? 0];
      if (dependent === undefined || needed === undefined || from === to) continue;
      const key = formatRef(dependent.ref);
      needs.set(key, [...(needs.get(key) ?? []), formatRef(needed.ref)]);
    }
    return needs;
  });
const distinct = changes.map((input) => [...new Map(input.map((one) => [formatRef(one.ref), one])).values()]);
const withNeeds = distinct.chain((input) => needsAmong(input).map((needs) => ({ input, needs })));
const placesIn = (waves: readonly { readonly changes: readonly Change[] }[]) =>
  new Map(waves.flatMap((wave, at) => wave.changes.map((change) => [formatRef(change.ref), at] as const)));

test('what others of the same wave depend on comes in a part of its own before them', () => {
  fc.assert(
    fc.property(withNeeds, ({ input, needs }) => {
      const needsOf = ({ ref }: Change) => needs.get(formatRef(ref)) ?? [];
      const waves = orderWaves(input, levelOf, needsOf);
      const places = placesIn(waves);

      assert.equal(waves.flatMap((wave) => wave.changes).length, input.length);
      for (const [from, needed] of needs) {
        for (const to of needed) {
          const [later, sooner] = [places.get(from) ?? 0, places.get(to) ?? 0];
          const isSameTurn = waves[later]?.wave === waves[sooner]?.wave && waves[later]?.level === waves[sooner]?.level;
          if (isSameTurn) assert.ok(sooner < later);
        }
      }
    }),
  );
});

test('what others that go depend on goes after all of them, whatever their waves', () => {
  fc.assert(
    fc.property(withNeeds, ({ input, needs }) => {
      const waves = orderPruneWaves(input, levelOf, ({ ref }) => needs.get(formatRef(ref)) ?? []);
      const places = placesIn(waves);

      assert.equal(waves.flatMap((wave) => wave.changes).length, input.length);
      for (const [from, needed] of needs)
        for (const to of needed) assert.ok((places.get(from) ?? 0) < (places.get(to) ?? 0));
    }),
  );
});

test('phases follow one another within an application, each with its own waves', () => {
  const hook = (name: string, phase: 'pre-sync' | 'sync' | 'post-sync' | 'sync-fail', wave: number): Change => ({
    ...keep(configMap(name)),
    hook: phase,
    wave,
  });
  const late = keep(configMap('late', {}, { annotations: { 'plumbline.dev/sync-wave': '5' } }));
  const input = [
    hook('fail', 'sync-fail', 0),
    hook('after', 'post-sync', -9),
    late,
    hook('amid', 'sync', 3),
    keep(configMap('plain')),
    hook('second', 'pre-sync', 7),
    hook('first', 'pre-sync', -1),
  ];

  const waves = orderWaves(input, levelOf);

  assert.deepEqual(
    waves.flatMap((wave) => wave.changes).map(({ ref }) => ref.name),
    ['first', 'second', 'plain', 'amid', 'late', 'after', 'fail'],
  );
});
