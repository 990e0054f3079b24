import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { ApiRefusal } from '../../../shared/model/api-refusal.ts';
import type { KubeObject } from '../../../shared/model/kube-object.ts';
import { type ConflictQuestion, decideForce, isFieldConflict } from '../../../shared/plan/conflict.ts';
import { claimedFields } from '../../../shared/plan/stamp.ts';
import { appliedLive, configMap, deployment, MANAGER, prepared, taken } from './samples.ts';

function refusal(...conflicts: readonly (readonly [manager: string, field: string])[]): ApiRefusal {
  const causes = conflicts.map(([manager, field]) => ({
    reason: 'FieldManagerConflict',
    message: `conflict with "${manager}" using apps/v1 at 2026-11-21T11:00:00Z`,
    field,
  }));
  return { status: 409, reason: 'Conflict', message: 'Apply failed', causes };
}

const declared = deployment('api', { replicas: 2, containers: [{ name: 'app', image: 'x' }], empty: {} });
const [object] = prepared('web', [declared]).objects;
if (!object) throw new Error('nothing was prepared');
const api = object;
const live = taken(appliedLive(api.object), ['spec', 'replicas'], 5, 'scaler');
const claimed = claimedFields(appliedLive(api.object), MANAGER);

function ask(question: Partial<ConflictQuestion>) {
  const sync = { conflicts: 'fail', adopt: [] } as const;
  return decideForce({
    prepared: api,
    refusal: refusal(['scaler', '.spec.replicas']),
    live,
    claimed,
    sync,
    fieldManager: MANAGER,
    ...question,
  });
}

describe('a conflict', () => {
  test('is told from a stale resource version by its causes', () => {
    assert.equal(isFieldConflict(refusal(['scaler', '.spec.replicas'])), true);
    assert.equal(
      isFieldConflict({ status: 409, reason: 'Conflict', message: 'the object has been modified', causes: [] }),
      false,
    );
  });

  test('over fields that were all ours is taken back', () => {
    const both = refusal(['scaler', '.spec.replicas'], ['kubectl', '.spec.containers[name="app"].image']);

    assert.deepEqual(ask({ refusal: both }), { act: 'force' });
  });

  test('is reported when a single field was not ours', () => {
    const both = refusal(['scaler', '.spec.replicas'], ['kubectl', '.spec.paused']);

    assert.equal(ask({ refusal: both }).act, 'report');
  });

  test('over a key of a map of which we claimed other keys is not ours', () => {
    assert.equal(ask({ refusal: refusal(['kubectl', '.spec.containers[name="app"].command']) }).act, 'report');
    assert.equal(ask({ refusal: refusal(['kubectl', '.spec.replicasMax']) }).act, 'report');
  });

  test('below a field that we claimed as a whole is ours', () => {
    assert.deepEqual(ask({ refusal: refusal(['kubectl', '.spec.empty.inner']) }), { act: 'force' });
  });

  test('without a record is ours where the object carries our marks', () => {
    const unmarked: KubeObject = { ...live, metadata: { ...live.metadata, annotations: {} } };

    assert.deepEqual(ask({ claimed: undefined }), { act: 'force' });
    assert.equal(ask({ claimed: undefined, live: unmarked }).act, 'report');
    assert.equal(ask({ claimed: undefined, live: undefined }).act, 'report');
  });

  test('is taken by sync.conflicts: force', () => {
    assert.deepEqual(ask({ claimed: {}, sync: { conflicts: 'force', adopt: [] } }), { act: 'force' });
  });

  test('with an owner that is adopted is taken, with another it is not', () => {
    const kubectl = refusal(['kubectl-client-side-apply', '.spec.replicas']);

    assert.deepEqual(ask({ claimed: {}, refusal: kubectl, sync: { conflicts: 'fail', adopt: ['kubectl'] } }), {
      act: 'force',
    });
    assert.equal(ask({ claimed: {}, refusal: kubectl, sync: { conflicts: 'fail', adopt: ['helm'] } }).act, 'report');
    assert.deepEqual(ask({ claimed: {}, sync: { conflicts: 'fail', adopt: ['any'] } }), { act: 'force' });
  });

  test('that is reported says the field, who, since when, both values and the way out', () => {
    const decision = ask({ claimed: {} });

    assert.deepEqual(decision.act === 'report' && decision.problem, {
      code: 'FieldConflict',
      subject: 'Deployment.apps/web/api',
      act: 'apply',
      wrong: 'spec.replicas is held by scaler since 2026-11-21T11:00:00Z (5 there, 2 in Git)',
      remedy:
        'leave it to them: annotation `plumbline.dev/ignore: /spec/replicas` or `ignore: [{group: apps, kind: Deployment, namespace: web, name: api, fields: [/spec/replicas]}]` in the Application; take it: annotation `plumbline.dev/conflicts: force`',
    });
  });

  test('over a Secret shows no value', () => {
    const [secret] = prepared('web', [{ ...configMap('token', { token: 'c2VjcmV0' }), kind: 'Secret' }]).objects;
    assert.ok(secret);
    const decision = ask({
      prepared: secret,
      claimed: {},
      refusal: refusal(['kubectl', '.data.token']),
      live: taken(appliedLive(secret.object), ['data', 'token'], 'b3RoZXI=', 'kubectl'),
    });

    const text = JSON.stringify(decision);
    assert.ok(!text.includes('c2VjcmV0') && !text.includes('b3RoZXI='), text);
    assert.match(text, /data\.token is held by kubectl/);
  });

  test('over a variable whose name speaks of a secret shows no value', () => {
    const env = [{ name: 'API_TOKEN', value: 'very-secret' }];
    const [withToken] = prepared('web', [
      deployment('api', { containers: [{ name: 'app', image: 'x', env }] }),
    ]).objects;
    assert.ok(withToken);
    const field = '.spec.containers[name="app"].env[name="API_TOKEN"].value';

    const decision = ask({
      prepared: withToken,
      live: appliedLive(withToken.object),
      claimed: {},
      refusal: refusal(['kubectl', field]),
    });

    const text = JSON.stringify(decision);
    assert.match(text, /API_TOKEN/);
    assert.doesNotMatch(text, /very-secret/);
  });

  test('over many fields names three and counts the rest', () => {
    const decision = ask({
      claimed: {},
      refusal: refusal(['k', '.spec.a'], ['k', '.spec.b'], ['k', '.spec.c'], ['k', '.spec.d']),
    });

    assert.match(decision.act === 'report' ? decision.problem.wrong : '', /\.spec\.c is held by k.*, and 1 more$/);
  });
});
