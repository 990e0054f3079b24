/** One row a rule: a live object and the whole verdict on it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assessHealth } from '../../../shared/health/assess.ts';
import type { Health } from '../../../shared/model/health.ts';
import type { JsonObject } from '../../../shared/model/json.ts';
import type { KubeObject, ObjectMeta } from '../../../shared/model/kube-object.ts';

export const NOW_MS = Date.parse('2026-11-21T12:00:00Z');

interface Parts {
  readonly metadata?: Partial<ObjectMeta>;
  readonly spec?: JsonObject;
  readonly status?: JsonObject;
}

/** Returns a builder of live objects of one kind, named `web/it`. */
export function liveObjects(apiVersion: string, kind: string): (parts: Parts) => KubeObject {
  return ({ metadata, ...rest }) => ({
    apiVersion,
    kind,
    metadata: { name: 'it', namespace: 'web', ...metadata },
    ...rest,
  });
}

export function judges(sentence: string, object: KubeObject, [health, reason]: readonly [Health, string]): void {
  test(sentence, () => {
    assert.deepEqual(assessHealth(object, NOW_MS), { health, reason });
  });
}

export const HEALTHY = ['healthy', ''] as const;
