import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Drift } from '../../../shared/model/drift.ts';
import { type Heat, heatAt, heatedBy, isFight, isOver, isResting } from '../../../shared/model/heat.ts';

const MINUTE = 60_000;

function driftOf(...paths: readonly string[]): Drift {
  const ref = { group: 'apps', kind: 'Deployment', namespace: 'web', name: 'api' };
  const fields = paths.map((path) => ({ path, pointer: `/${path}`, manager: 'hpa' }));
  return { ref, application: 'web', kind: paths.length === 0 ? 'deleted' : 'changed', fields };
}

const REPLICAS = driftOf('replicas');

/** Heals at these minutes, one after the other. */
function healedAt(minutes: readonly number[], drift = REPLICAS): Heat {
  const [first = 0, ...others] = minutes;
  return others.reduce((heat, at) => heatedBy(heat, drift, at * MINUTE), heatedBy(undefined, drift, first * MINUTE));
}

test('the third healing of a field in half an hour is a fight, two are none', () => {
  assert.equal(isFight(healedAt([0, 1]), MINUTE), false);
  assert.equal(isFight(healedAt([0, 1, 2]), 2 * MINUTE), true);
  assert.equal(isFight(healedAt([0, 2, 8]), 8 * MINUTE), true);
  assert.equal(isFight(healedAt([0, 20, 40]), 40 * MINUTE), false);
});

test('a fight fades when nobody goes on with it', () => {
  const heat = healedAt([0, 1, 2]);

  assert.equal(isFight(heat, 32 * MINUTE), false);
  assert.ok(heatAt(heat, 3 * MINUTE) < heatAt(heat, 2 * MINUTE));
});

test('other fields begin anew, and fields among others go on', () => {
  const heat = healedAt([0, 1, 2]);

  assert.equal(heatedBy(heat, driftOf('image'), 3 * MINUTE).count, 1);
  assert.ok(heatedBy(heat, driftOf('image', 'replicas'), 3 * MINUTE).count > 3);
  assert.equal(isOver(heat, driftOf('image')), false);
});

test('an object that is deleted again and again is fought over as a whole', () => {
  const heat = healedAt([0, 1, 2], driftOf());

  assert.equal(isFight(heat, 2 * MINUTE), true);
  assert.equal(isOver(heat, driftOf()), true);
  assert.equal(isOver(heat, REPLICAS), false);
});

test('healing waits for longer the hotter it is, for a quarter of an hour at most', () => {
  assert.equal(isResting(healedAt([0, 1]), REPLICAS, MINUTE), false);
  assert.equal(isResting(healedAt([0, 1, 2]), REPLICAS, 3 * MINUTE), true);
  assert.equal(isResting(healedAt([0, 1, 2]), REPLICAS, 4 * MINUTE), false);
  assert.equal(isResting(healedAt([0, 1, 2, 3, 4, 5, 6]), REPLICAS, 14 * MINUTE), true);
  assert.equal(isResting(healedAt(Array.from({ length: 60 }, () => 0)), REPLICAS, 15 * MINUTE), false);
  assert.equal(isResting(healedAt([0, 1, 2]), driftOf('image'), 3 * MINUTE), false);
});

test('against one who never rests an object is healed every six to eight minutes', () => {
  let heat: Heat | undefined;
  const healed: number[] = [];
  for (let at = 0; at < 240; at++) {
    if (heat && isResting(heat, REPLICAS, at * MINUTE)) continue;
    heat = heatedBy(heat, REPLICAS, at * MINUTE);
    healed.push(at);
  }

  const gaps = healed.slice(-10).map((at, index, all) => at - (all[index - 1] ?? at));
  assert.ok(
    gaps.slice(1).every((gap) => gap >= 5 && gap <= 8),
    gaps.join(),
  );
});
