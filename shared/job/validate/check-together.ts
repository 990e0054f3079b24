/** What is wrong with the objects of one cluster as they stand beside one another. */
import type { DesiredApplication, RenderedObject } from '../../model/desired-state.ts';
import type { Finding } from '../../model/finding.ts';
import { type KubeObject, refOf } from '../../model/kube-object.ts';
import { readObjectPolicy } from '../../model/object-policy/read-object-policy.ts';
import { formatRef, type RefKey } from '../../model/object-ref.ts';
import { walkDependencies } from '../../model/walk-dependencies.ts';
import { dependencyOrder } from '../../plan/dependency-order.ts';
import type { KnownKinds } from '../../validate/known-kinds.ts';
import { findingOfProblem } from './findings-of-problems.ts';

/** One object as it goes to the cluster. */
export interface PlacedObject {
  readonly application: DesiredApplication;
  readonly rendered: RenderedObject;
}

export interface ClusterObjects {
  readonly cluster: string;
  readonly applications: readonly DesiredApplication[];
  readonly objects: readonly PlacedObject[];
}

/** Namespaces that are there without anyone's doing. */
const OWN_NAMESPACES = ['default', 'kube-system', 'kube-public', 'kube-node-lease', 'plumbline-system'];

export function checkTogether(at: ClusterObjects, kinds: KnownKinds): readonly Finding[] {
  return [...missingNamespaces(at, kinds), ...objectDependencies(at, kinds), ...applicationCircles(at)];
}

/** Returns the object with the namespace that it goes into; `''` for one that has none. */
export function namespaceIn({ application, rendered: { object } }: PlacedObject, kinds: KnownKinds): string {
  const kind = kinds.find(object.apiVersion, object.kind);
  const isNamespaced =
    kind === undefined || kind.from === 'crd-other-version' ? object.metadata.namespace !== undefined : kind.namespaced;
  return isNamespaced ? (object.metadata.namespace ?? application.namespace ?? 'default') : '';
}

/** One finding a namespace and application: it may well be there, made by someone else. */
function missingNamespaces({ cluster, applications, objects }: ClusterObjects, kinds: KnownKinds): readonly Finding[] {
  const declared = objects
    .filter(({ rendered: { object } }) => object.apiVersion === 'v1' && object.kind === 'Namespace')
    .map(({ rendered: { object } }) => object.metadata.name);
  const made = applications.flatMap(({ createNamespace }) => createNamespace ?? []);
  const known = new Set([...OWN_NAMESPACES, ...declared, ...made, '']);
  const missing = Map.groupBy(
    objects.filter((one) => !known.has(namespaceIn(one, kinds))),
    (one) => `${one.application.name} ${namespaceIn(one, kinds)}`,
  );
  return [...missing.values()].flatMap(([first]): readonly Finding[] => {
    if (first === undefined) return [];
    const namespace = namespaceIn(first, kinds);
    return [
      {
        rule: 'missing-namespace',
        level: 'warning',
        subject: `Namespace/${namespace}`,
        wrong: `application ${first.application.name} puts objects into it, and no application of the cluster declares or makes it`,
        remedy: 'declare it, or set createNamespace: true; leave it where it is made otherwise',
        place: first.rendered.source,
        clusters: [cluster],
        applications: [first.application.name],
      },
    ];
  });
}

function objectDependencies({ cluster, objects }: ClusterObjects, kinds: KnownKinds): readonly Finding[] {
  const byKey = new Map<RefKey, PlacedObject>(objects.map((one) => [keyOf(one, kinds), one]));
  const needs = new Map<RefKey, readonly RefKey[]>();
  const missing: Finding[] = [];
  for (const [key, one] of byKey) {
    const { policy } = readObjectPolicy(one.rendered.object);
    if (policy.dependsOn.length === 0) continue;
    const wanted = policy.dependsOn.map(formatRef);
    needs.set(key, wanted);
    for (const name of wanted.filter((needed) => !byKey.has(needed))) {
      const said = { wrong: `it depends on ${name}, which no application of the cluster declares` };
      missing.push(
        about(one, key, {
          rule: 'missing-dependency',
          level: 'warning',
          ...said,
          remedy: 'correct the annotation, or declare that object',
        }),
      );
    }
  }
  const circles = walkDependencies(needs).cycles.flatMap((cycle) => {
    const [first = ''] = cycle;
    const one = byKey.get(first);
    const wrong = `it depends on itself: ${cycle.join(' → ')}`;
    const remedy = 'take one of these out of the annotation of the one before it';
    return one === undefined ? [] : [about(one, first, { rule: 'dependency-circle', level: 'error', wrong, remedy })];
  });
  return [...missing, ...circles];

  function about(
    { application, rendered }: PlacedObject,
    subject: RefKey,
    said: Pick<Finding, 'rule' | 'level' | 'wrong' | 'remedy'>,
  ): Finding {
    return { ...said, subject, place: rendered.source, clusters: [cluster], applications: [application.name] };
  }
}

function keyOf(one: PlacedObject, kinds: KnownKinds): RefKey {
  const { object }: { readonly object: KubeObject } = one.rendered;
  return formatRef({ ...refOf(object), namespace: namespaceIn(one, kinds) });
}

function applicationCircles({ cluster, applications }: ClusterObjects): readonly Finding[] {
  const ordered = dependencyOrder(applications);
  return ordered.ok ? [] : [{ ...findingOfProblem(ordered.problem), clusters: [cluster] }];
}
