import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Json, JsonObject } from '../../../shared/model/json.ts';
import { jsonOf } from '../../../shared/model/kube-json.ts';
import type { KubeObject } from '../../../shared/model/kube-object.ts';
import { isIgnored } from '../../../shared/plan/ignore.ts';
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
  const isIgnoredBy = (pattern: string, pointer: string) =>
    isIgnored({ ignored: [pattern], ignoredManagers: [] }, { pointer });

  assert.equal(isIgnoredBy('/spec/replicas', '/spec/replicas'), true);
  assert.equal(isIgnoredBy('/spec', '/spec/replicas'), true);
  assert.equal(isIgnoredBy('/spec/*/image', '/spec/0/image'), true);
  assert.equal(isIgnoredBy('/spec/replicas', '/spec'), false);
  assert.equal(isIgnoredBy('/spec/replica', '/spec/replicas'), false);
  assert.equal(isIgnoredBy('/metadata/annotations/a~1b', '/metadata/annotations/a~1b'), true);
  assert.equal(isIgnoredBy('/metadata/annotations/mesh.io~1*', '/metadata/annotations/mesh.io~1since'), true);
  assert.equal(isIgnoredBy('/metadata/annotations/mesh.io~1*', '/metadata/annotations/meshXio~1since'), false);
});

describe('a rule of ignore', () => {
  const web = { ...api, metadata: { ...api.metadata, name: 'web-api', namespace: 'shop-eu', labels: { tier: 'web' } } };
  const ignoredIn = (rule: object) =>
    prepared('web', [web], { ignore: [{ fields: ['/spec/replicas'], ...rule }] }).objects[0]?.ignored.length === 1;

  test('matches by group, kind, namespace and name, each with stars, and by labels', () => {
    const matching = [
      {},
      { kind: 'Deployment', group: 'apps' },
      { name: 'web-*' },
      { name: '*-api' },
      { namespace: 'shop-*', name: '*' },
      { kind: 'Dep*' },
      { labels: { tier: 'web' } },
    ];
    for (const rule of matching) assert.equal(ignoredIn(rule), true, JSON.stringify(rule));
  });

  test('matches nothing where one of them differs', () => {
    const others = [
      { kind: 'StatefulSet' },
      { name: 'api-*' },
      { name: 'web' },
      { name: 'web.api' },
      { namespace: 'shop' },
      { labels: { tier: 'db' } },
      { labels: { tier: 'web', other: 'x' } },
    ];
    for (const rule of others) assert.equal(ignoredIn(rule), false, JSON.stringify(rule));
  });
});

describe('fields that an ignored manager holds', () => {
  const sentBeside = (manager: string, ignored: string) => {
    const live = liveApi(ALL);
    const fieldsV1 = {
      'f:spec': { 'f:replicas': {}, 'f:containers': { 'k:{"name":"app"}': { '.': {}, 'f:name': {}, 'f:image': {} } } },
    };
    const theirs = { manager, operation: 'Apply' as const, fieldsV1 };
    const managedFields = [...(live.metadata.managedFields ?? []), theirs];
    const [one] = prepared('web', [api], { ignore: [{ managers: [ignored] }] }).objects;
    assert.ok(one);
    const shared = { ...live, metadata: { ...live.metadata, managedFields } };
    return Object(jsonOf(withoutIgnored(one, { live: shared, isMetadata: false }, MANAGER)).spec);
  };

  test('are not sent; the names of list items are', () => {
    const spec = sentBeside('hpa-controller', 'hpa-*');

    assert.equal('replicas' in spec, false);
    assert.deepEqual(spec.containers, [{ name: 'mesh' }, { name: 'app' }]);
  });

  test('are sent where another manager holds them', () => {
    assert.deepEqual(sentBeside('kubectl-edit', 'hpa-*'), api.spec);
  });
});

test('a field that Git drops and ignores at once stays as it is in the cluster', () => {
  const { replicas: _replicas, ...spec } = Object(api.spec);

  const kept = sent({ ...api, spec }, liveApi(ALL), '/spec/replicas');

  assert.deepEqual(kept, { ...spec, replicas: 7 });
});
