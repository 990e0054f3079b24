import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Change } from '../../../shared/model/change.ts';
import { refOf } from '../../../shared/model/kube-object.ts';
import { refuseCircles } from '../../../shared/plan/object-needs.ts';
import { application, configMap } from './samples.ts';

const create = (name: string, wave: number, of = 'web'): Change => {
  const desired = configMap(name);
  return { op: 'create', ref: refOf(desired), application: of, wave, desired, digest: 'd' };
};
const key = (name: string) => `ConfigMap/web/${name}`;
const refusedIn = (changes: readonly Change[]) =>
  changes.flatMap((change) => (change.op === 'refuse' ? [`${change.ref.name}: ${change.problem.wrong}`] : []));

test('an object that depends on one of a later wave of its own application would wait for itself', () => {
  const changes = [create('early', 0), create('late', 1), create('beside', 0)];
  const needs = new Map([[key('early'), [key('late')]]]);

  const refused = refusedIn(refuseCircles(changes, needs, [{ application: application('web'), objects: [] }]));

  assert.equal(refused.length, 2);
  for (const text of refused) {
    for (const part of [key('early'), key('late'), 'wave 0 of application web']) assert.ok(text.includes(part), text);
  }
});

test('an object that depends on one of an application that depends on its own would wait for itself', () => {
  const changes = [create('base', 0, 'base'), create('top', 0, 'top')];
  const needs = new Map([[key('base'), [key('top')]]]);
  const applications = [application('base'), application('top', { dependsOn: ['base'] })];

  const refused = refuseCircles(
    changes,
    needs,
    applications.map((one) => ({ application: one, objects: [] })),
  );

  assert.equal(refusedIn(refused).length, 2);
});

test('an object may depend on one of an earlier wave, and on one of another application', () => {
  const changes = [create('early', 0), create('late', 1), create('other', 5, 'other')];
  const needs = new Map([
    [key('late'), [key('early')]],
    [key('early'), [key('other')]],
  ]);
  const applications = [application('web'), application('other')].map((one) => ({ application: one, objects: [] }));

  assert.deepEqual(refuseCircles(changes, needs, applications), changes);
});
