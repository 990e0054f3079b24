/** Custom resources with every kind of list and map that server-side apply knows; each case has a group of its own. */
import { randomBytes } from 'node:crypto';
import type { JsonArray, JsonObject } from '../../../shared/model/json.ts';
import type { KubeObject } from '../../../shared/model/kube-object.ts';
import { eventually } from '../../controlplane/eventually.ts';
import { AGAIN, drift, type OwnershipCase, STILL } from './case.ts';
import type { ForeignClient } from './foreign-client.ts';

const KUBECTL = { manager: 'kubectl-edit' };
const text: JsonObject = { type: 'string' };

const SPEC_FIELDS: Readonly<Record<string, JsonObject>> = {
  title: text,
  note: { type: 'string', nullable: true },
  count: { type: 'integer' },
  port: { 'x-kubernetes-int-or-string': true },
  extra: text,
  tags: { type: 'array', items: text, 'x-kubernetes-list-type': 'set' },
  steps: { type: 'array', items: text, 'x-kubernetes-list-type': 'atomic' },
  options: { type: 'object', additionalProperties: text, 'x-kubernetes-map-type': 'atomic' },
  rules: {
    type: 'array',
    'x-kubernetes-list-type': 'map',
    'x-kubernetes-list-map-keys': ['name'],
    items: { type: 'object', required: ['name'], properties: { name: text, value: text } },
  },
};

export interface Version {
  readonly name: string;
  readonly served?: boolean;
  readonly storage?: boolean;
  readonly without?: string;
}

function versionsOf(versions: readonly Version[]): JsonArray {
  return versions.map(({ name, served = true, storage = false, without }) => {
    const properties = Object.fromEntries(Object.entries(SPEC_FIELDS).filter(([field]) => field !== without));
    const schema = { openAPIV3Schema: { type: 'object', properties: { spec: { type: 'object', properties } } } };
    return { name, served, storage, schema };
  });
}

export function definition(group: string, versions: readonly Version[]): KubeObject {
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `widgets.${group}` },
    spec: {
      group,
      scope: 'Namespaced',
      names: { plural: 'widgets', singular: 'widget', kind: 'Widget', listKind: 'WidgetList' },
      versions: versionsOf(versions),
    },
  };
}

const ONE: readonly Version[] = [{ name: 'v1', storage: true }];
const TWO: readonly Version[] = [{ name: 'v1', storage: true }, { name: 'v2' }];

const DECLARED: JsonObject = {
  title: 'ours',
  count: 3,
  port: 80,
  extra: 'ours',
  tags: ['a', 'b'],
  steps: ['first', 'second'],
  options: { color: 'red' },
  rules: [
    { name: 'r1', value: 'x' },
    { name: 'r2', value: 'y' },
  ],
};

interface WidgetCase extends Pick<OwnershipCase, 'name' | 'verdict'> {
  /** Of the CRD; only v1 by default. */
  readonly versions?: readonly Version[];
  /** Declared besides. */
  readonly spec?: JsonObject;
  readonly act: (
    others: ForeignClient,
    widget: KubeObject,
    changeCrd: (versions: readonly Version[]) => Promise<void>,
  ) => Promise<void>;
}

function widgetCase({ name, verdict, versions = ONE, spec = {}, act }: WidgetCase): OwnershipCase {
  const group = `w${randomBytes(5).toString('hex')}.example.com`;
  const crd = definition(group, versions);
  const widget = {
    apiVersion: `${group}/v1`,
    kind: 'Widget',
    metadata: { name: 'one' },
    spec: { ...DECLARED, ...spec },
  };
  return {
    name,
    verdict,
    objects: [widget],
    prepare: async (others) => {
      await others.create(crd, { manager: 'installer' });
      await eventually(
        () => others.get(crd),
        ({ status }) => JSON.stringify(status ?? {}).includes('"type":"Established"'),
      );
    },
    act: (others, it) =>
      act(others, it, (changed) =>
        others.patch(crd, 'merge', { spec: { versions: versionsOf(changed) } }, { manager: 'installer' }),
      ),
    clean: (others) => others.delete(crd),
  };
}

function edit(spec: object): WidgetCase['act'] {
  return (others, it) => others.patch(it, 'merge', { spec }, KUBECTL);
}

export const customResourceDrift: readonly OwnershipCase[] = [
  widgetCase({
    name: 'an item of a set is removed',
    act: edit({ tags: ['a'] }),
    verdict: drift('spec.tags[b]', 'nobody'),
  }),
  widgetCase({
    name: 'an atomic list of a custom resource is edited',
    act: edit({ steps: ['second', 'first'] }),
    verdict: drift('spec.steps', 'kubectl-edit'),
  }),
  widgetCase({
    name: 'an atomic map of a custom resource is edited',
    act: edit({ options: { color: 'blue' } }),
    verdict: drift('spec.options', 'kubectl-edit'),
  }),
  widgetCase({
    name: 'a value in a keyed list of a custom resource is edited',
    act: edit({
      rules: [
        { name: 'r1', value: 'z' },
        { name: 'r2', value: 'y' },
      ],
    }),
    verdict: drift('spec.rules[r1].value', 'kubectl-edit'),
  }),
  widgetCase({
    name: 'a keyed list of a custom resource changes its order',
    act: edit({
      rules: [
        { name: 'r2', value: 'y' },
        { name: 'r1', value: 'x' },
      ],
    }),
    verdict: { is: 'drift', path: 'spec.rules' },
  }),
  widgetCase({
    name: 'a text of a custom resource is edited',
    act: edit({ title: 'theirs' }),
    verdict: drift('spec.title', 'kubectl-edit'),
  }),
  widgetCase({
    name: 'a number of a custom resource is edited',
    act: edit({ count: 4 }),
    verdict: drift('spec.count', 'kubectl-edit'),
  }),
  widgetCase({
    name: 'a null of a custom resource becomes a value',
    spec: { note: null },
    act: edit({ note: 'theirs' }),
    verdict: drift('spec.note', 'kubectl-edit'),
  }),
  widgetCase({
    name: 'a number of a custom resource becomes a text',
    act: edit({ port: '80' }),
    verdict: drift('spec.port', 'kubectl-edit'),
  }),
  widgetCase({
    name: 'the spec of a custom resource is removed',
    act: (others, it) => others.patch(it, 'json', [{ op: 'remove', path: '/spec' }], KUBECTL),
    verdict: drift('spec.title', 'nobody'),
  }),
  widgetCase({
    name: 'a custom resource is edited through another version',
    versions: TWO,
    act: (others, it) => {
      const target = { ...it, apiVersion: it.apiVersion.replace('/v1', '/v2') };
      return others.patch(target, 'merge', { spec: { title: 'theirs' } }, KUBECTL);
    },
    verdict: drift('spec.title', 'kubectl-edit'),
  }),
  widgetCase({
    name: 'a field is pruned by a change of the CRD',
    act: async (others, it, crd) => {
      await crd([{ name: 'v1', storage: true, without: 'extra' }]);
      await eventually(
        () => others.get(it),
        ({ spec }) => !JSON.stringify(spec).includes('extra'),
      );
    },
    verdict: { is: 'drift', path: 'spec.extra', heals: false },
  }),
];

export const customResourceStill: readonly OwnershipCase[] = [
  widgetCase({
    name: 'another adds an item to a set',
    act: edit({ tags: ['a', 'b', 'c'] }),
    verdict: STILL,
  }),
  widgetCase({
    name: 'a version is added to the CRD and another writes',
    act: async (others, it, crd) => {
      await crd(TWO);
      await others.patch(it, 'merge', { metadata: { annotations: { theirs: 'x' } } }, KUBECTL);
    },
    // A changed CRD may have changed what is stored: it is compared by an apply, once.
    verdict: AGAIN,
  }),
  widgetCase({
    name: 'another version of the CRD is stored from now on and another writes',
    versions: TWO,
    act: async (others, it, crd) => {
      await crd([{ name: 'v1' }, { name: 'v2', storage: true }]);
      await others.patch(it, 'merge', { metadata: { annotations: { theirs: 'x' } } }, KUBECTL);
    },
    verdict: AGAIN,
  }),
  widgetCase({
    name: 'a version of the CRD is served no longer and another writes',
    versions: TWO,
    act: async (others, it, crd) => {
      await crd([
        { name: 'v1', storage: true },
        { name: 'v2', served: false },
      ]);
      await others.patch(it, 'merge', { metadata: { annotations: { theirs: 'x' } } }, KUBECTL);
    },
    verdict: AGAIN,
  }),
];
