import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Json, JsonObject } from '../../../shared/model/json.ts';
import type { KubeObject } from '../../../shared/model/kube-object.ts';
import { isIgnored } from '../../../shared/plan/ignore.ts';
import { jsonOf } from '../../../shared/plan/kube-json.ts';
import { withoutIgnored } from '../../../shared/plan/leave-to-others.ts';
import { appliedLive, configMap, deployment, MANAGER, named, prepared, taken } from './samples.ts';

function prepareOne(object: KubeObject, ...fields: readonly string[]) {
  const ignore = fields.length === 0 ? [] : [{ fields }];
  const [one] = prepared('web', [object], { ignore }).objects;
  assert.ok(one);
  return one;
}

function sent(object: KubeObject, live: KubeObject | undefined, ...fields: readonly string[]): Json | undefined {
  const desired = withoutIgnored(prepareOne(object, ...fields), { live, isMetadata: false }, MANAGER);
  return jsonOf(desired).spec;
}

const api = deployment('api', {
  replicas: 3,
  containers: [{ name: 'mesh' }, { name: 'app', image: 'git' }],
  rules: [{ a: 'git', b: 'git' }],
});

function liveApi(spec: JsonObject): KubeObject {
  return appliedLive({ ...prepareOne(api).object, spec });
}

const ALL = {
  replicas: 7,
  containers: [{ name: 'app', image: 'live' }, { name: 'mesh' }],
  rules: [{ a: 'live', b: 'live' }],
};

describe('an ignored field', () => {
  test('is created as rendered', () => {
    assert.deepEqual(sent(api, undefined, '/spec/replicas'), api.spec);
  });

  test('that only we own is sent as it is in the cluster', () => {
    assert.deepEqual(sent(api, liveApi(ALL), '/spec/replicas'), { ...Object(api.spec), replicas: 7 });
  });

  test('that another owns is not sent', () => {
    const { replicas: _replicas, ...others } = Object(api.spec);

    assert.deepEqual(sent(api, taken(liveApi(ALL), ['spec', 'replicas'], 9), '/spec/replicas'), others);
  });

  test('that another owns together with us is not sent', () => {
    const live = liveApi(ALL);
    const shared = { manager: 'scaler', operation: 'Update' as const, fieldsV1: { 'f:spec': { 'f:replicas': {} } } };
    const managedFields = [...(live.metadata.managedFields ?? []), shared];

    assert.equal(
      Object.hasOwn(
        Object(sent(api, { ...live, metadata: { ...live.metadata, managedFields } }, '/spec/replicas')),
        'replicas',
      ),
      false,
    );
  });

  test('in a list item is found by the key of the item, whatever its position', () => {
    const expected = [{ name: 'mesh' }, { name: 'app', image: 'live' }];

    assert.deepEqual(Object(sent(api, liveApi(ALL), '/spec/containers/*/image')).containers, expected);
  });

  test('inside a list that is owned as a whole takes the live value there', () => {
    assert.deepEqual(Object(sent(api, liveApi(ALL), '/spec/rules/0/a')).rules, [{ a: 'live', b: 'git' }]);
  });

  test('that is not declared changes nothing', () => {
    assert.deepEqual(sent(api, liveApi(ALL), '/spec/paused'), api.spec);
  });

  test('of an object of which only metadata was read is sent as rendered while it is ours alone', () => {
    const one = prepareOne(api, '/spec/replicas');
    const { spec: _spec, ...metadata } = liveApi(ALL);

    assert.deepEqual(withoutIgnored(one, { live: metadata, isMetadata: true }, MANAGER).spec, api.spec);
  });
});

test('rules of an aggregated ClusterRole are never sent', () => {
  const role = {
    ...named('ClusterRole', 'rbac.authorization.k8s.io/v1', 'all'),
    aggregationRule: { clusterRoleSelectors: [] },
    rules: [],
  };

  const desired = withoutIgnored(prepareOne(role), { live: undefined, isMetadata: false }, MANAGER);

  assert.equal('rules' in desired, false);
});

test('an object without ignored fields is sent as it was prepared', () => {
  const one = prepareOne(configMap('flags'));

  assert.equal(withoutIgnored(one, { live: appliedLive(one.object), isMetadata: false }, MANAGER), one.object);
});

test('a pointer is ignored by a rule for it, for one above it, and by a star in any place', () => {
  assert.equal(isIgnored(['/spec/replicas'], '/spec/replicas'), true);
  assert.equal(isIgnored(['/spec'], '/spec/replicas'), true);
  assert.equal(isIgnored(['/spec/*/image'], '/spec/0/image'), true);
  assert.equal(isIgnored(['/spec/replicas'], '/spec'), false);
  assert.equal(isIgnored(['/spec/replica'], '/spec/replicas'), false);
  assert.equal(isIgnored(['/metadata/annotations/a~1b'], '/metadata/annotations/a~1b'), true);
});
