/** One fleet in a real cluster from its first run to its last, by a user with the rights that are printed for it. */

import type { JsonObject } from '../../../shared/model/json.ts';
import { isJsonObject } from '../../../shared/model/json.ts';
import type { KubeObject } from '../../../shared/model/kube-object.ts';
import { groupOf } from '../../../shared/model/object-ref.ts';
import { builtInKind } from '../../../shared/plan/rights/kind-table.ts';
import { neededRights } from '../../../shared/plan/rights/needed-rights.ts';
import { roleObjects, type Subject } from '../../../shared/plan/rights/role-objects.ts';
import { readObjects } from '../../../shared/render/read-objects.ts';
import { callApi } from '../../controlplane/call-api.ts';
import { eventually } from '../../controlplane/eventually.ts';
import { markRequests, requestsSince } from '../../controlplane/request-log.ts';
import type { TestCluster } from '../../controlplane/test-cluster.ts';
import { configMap } from '../reconcile/declared-objects.ts';
import { type FleetUnderTest, fleetUnderTest } from '../reconcile/fleet-under-test.ts';
import { type LimitedUser, limitedUser, put } from './limited-user.ts';

/** What went wrong, the same for every fleet whose rights are the same. */
export interface Trouble {
  readonly problems: readonly string[];
  /** Requests that were refused, sorted, each once. */
  readonly refused: readonly string[];
}

const RBAC = '/apis/rbac.authorization.k8s.io/v1';

/** Lives with the rights that `change` makes of those printed; ends early with a problem that is not among the known ones. */
export async function liveOnce(
  cluster: TestCluster,
  change: (rights: readonly JsonObject[]) => readonly JsonObject[],
  { closing, known }: { readonly closing: (() => Promise<void>)[]; readonly known?: Trouble | undefined },
): Promise<Trouble> {
  const fleet = await fleetUnderTest();
  const users = `${fleet.fleet}-users`;
  const user = await limitedUser(cluster, users, 'plumbline');
  const tenant = await limitedUser(cluster, users, 'tenant');
  closing.push(async () => {
    user.close();
    tenant.close();
    await fleet.close();
  });
  await give(cluster, change(printedFor(fleet.fleet, user.user)));
  const mark = await markRequests(cluster);
  const named = (texts: readonly string[]) =>
    [...new Set(texts.map((text) => text.replaceAll(fleet.fleet, 'FLEET')))].sort();
  const isNews = (text: string) => known !== undefined && !known.problems.includes(named([text]).join());
  const problems = await live(fleet, user, isNews);
  const requests = await requestsSince(cluster, mark, { user: user.user });
  const refused = requests.filter(({ code }) => code === 403).map(({ verb, path }) => `${verb} ${path}`);
  return { problems: named(problems), refused: named(refused) };
}

/** Makes, changes against others, heals, looks at what is ill, deletes, lets an application go. */
async function live(
  fleet: FleetUnderTest,
  user: LimitedUser,
  isNews: (problem: string) => boolean,
): Promise<readonly string[]> {
  const problems: string[] = [];
  const outside = configMap('outside', '1').replace('name: outside', 'name: outside, namespace: default');
  const less = { web: configMap('stays', '1'), roles: configMap('roles', '1') };
  const steps = [
    () => step(fleet, user, objectsOf(fleet.fleet, '1')),
    () => interfere(fleet),
    () => step(fleet, user, objectsOf(fleet.fleet, '2')),
    () => untilIll(fleet),
    () => step(fleet, user, objectsOf(fleet.fleet, '2')),
    () => step(fleet, user, { ...less, tenant: configMap('stays-too', '1') + outside }),
    () => step(fleet, user, { ...less, tenant: configMap('stays-too', '1') }),
  ];
  for (const take of steps) {
    if (problems.some(isNews)) break;
    problems.push(...(await take()));
  }
  return problems;
}

async function step(
  fleet: FleetUnderTest,
  user: LimitedUser,
  objects: Readonly<Record<string, string>>,
): Promise<readonly string[]> {
  const wanted = Object.entries(objects).map(([name, text]) => {
    const account = name === 'tenant' ? { serviceAccount: `${fleet.fleet}-users/tenant` } : {};
    const settings = { ...account, sync: { pruneLimit: '100%', conflicts: 'force' as const } };
    return [name, { objects: text, settings }] as const;
  });
  await fleet.want(Object.fromEntries(wanted), { cluster: user.declaration });
  await fleet.run();
  const { problems } = await fleet.status();
  return problems.map(({ code, subject, wrong }) => `${code} ${subject}: ${wrong}`);
}

/** One Pod crashes, which its log explains, and one waits for its image, which events explain. */
async function untilIll({ testCluster, namespace }: FleetUnderTest): Promise<readonly string[]> {
  const path = `/api/v1/namespaces/${namespace}/pods`;
  const seen = async () => JSON.stringify((await callApi(testCluster, { path })).body);
  await eventually(seen, (pods) => pods.includes('CrashLoopBackOff') && pods.includes('ImagePullBackOff'));
  return [];
}

/** Someone else takes what Git is about to change, so that each is a conflict to be looked at. */
async function interfere(fleet: FleetUnderTest): Promise<readonly string[]> {
  const change = async (object: KubeObject) => await fleet.apply(object, 'someone');
  const metadata = (name: string) => ({ name, namespace: fleet.namespace });
  const configMapOf = (name: string): KubeObject => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: metadata(name),
    data: { value: 'theirs' },
  });
  await change(configMapOf('flags'));
  await change(configMapOf('prices'));
  await change({
    apiVersion: 'scheduling.k8s.io/v1',
    kind: 'PriorityClass',
    metadata: { name: fleet.fleet },
    value: 1,
    description: 'theirs',
  });
  return [];
}

function objectsOf(fleet: string, value: string): Readonly<Record<string, string>> {
  return {
    web: configMap('flags', value) + illDeployment('crash-loop', value) + illDeployment('image-pull-backoff', value),
    other: configMap('other', value),
    roles: grants(value) + priorityClass(fleet, value),
    tenant: configMap('prices', value),
  };
}

function illDeployment(name: string, value: string): string {
  return `---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
  annotations: {value: "${value}"}
spec:
  selector: {matchLabels: {app: ${name}}}
  template:
    metadata: {labels: {app: ${name}}, annotations: {plumbline.test/behaviour: ${name}}}
    spec: {containers: [{name: web, image: web}]}
`;
}

function grants(value: string): string {
  return `---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: watcher, annotations: {value: "${value}"}}
rules: [{apiGroups: [""], resources: [secrets], verbs: [watch]}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: viewers, annotations: {value: "${value}"}}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}
subjects: [{kind: Group, name: nobody, apiGroup: rbac.authorization.k8s.io}]
`;
}

function priorityClass(name: string, value: string): string {
  return `---\napiVersion: scheduling.k8s.io/v1\nkind: PriorityClass\nmetadata: {name: ${name}}\nvalue: 1\ndescription: "${value}"\n`;
}

/** What `plumbline rbac` prints for the fleet of this life. */
export function printedFor(fleet: string, user: string): readonly JsonObject[] {
  const tenant = `${fleet}-users/tenant`;
  return rightsOf({ fleet, objects: objectsOf(fleet, '1'), tenant, subject: { kind: 'User', name: user } });
}

export interface PrintedFleet {
  readonly fleet: string;
  /** By application; `tenant` acts as the account `tenant`. */
  readonly objects: Readonly<Record<string, string>>;
  readonly tenant?: string;
  readonly subject: Subject;
}

export function rightsOf({ fleet, objects, tenant, subject }: PrintedFleet): readonly JsonObject[] {
  const declared = Object.entries(objects).map(([name, text]) => ({
    application: {
      ...{ name, namespace: fleet, createNamespace: fleet },
      ...(name === 'tenant' && tenant !== undefined && { serviceAccount: tenant }),
    },
    objects: readObjects(text, { path: name }).map(({ object }) => object),
  }));
  const kindOf = ({ apiVersion, kind }: { readonly apiVersion: string; readonly kind: string }) =>
    builtInKind({ group: groupOf(apiVersion), kind });
  return roleObjects(fleet, neededRights(declared, kindOf), subject);
}

/** Applies what is printed, as an administrator. */
export async function give(cluster: TestCluster, printed: readonly JsonObject[]): Promise<void> {
  for (const object of printed) await put(cluster, pathOf(object), toObject(object));
}

export interface Mutation {
  readonly name: string;
  readonly without: (rights: readonly JsonObject[]) => readonly JsonObject[];
}

/** Returns one mutation for each verb of each rule, by place: rights of other fleets have the same shape. */
export function withoutEachVerb(rights: readonly JsonObject[]): readonly Mutation[] {
  return rights.flatMap(({ kind, rules }, place) =>
    listOf(rules).flatMap((rule, index) =>
      listOf(rule.verbs).map((_verb, verbIndex) => ({
        name: `${String(kind)}: ${JSON.stringify({ ...rule, verbs: [textsOf(rule.verbs)[verbIndex]] })}`,
        without: (of) => of.map((object, at) => (at === place ? lacking(object, index, verbIndex) : object)),
      })),
    ),
  );
}

function lacking(role: JsonObject, index: number, verbIndex: number): JsonObject {
  const rules = listOf(role.rules).map((rule, at) => {
    const verbs = textsOf(rule.verbs).filter((_verb, of) => at !== index || of !== verbIndex);
    return { ...rule, verbs };
  });
  return { ...role, rules: rules.filter(({ verbs }) => verbs.length > 0) };
}

function listOf(value: unknown): readonly JsonObject[] {
  return Array.isArray(value) ? value.map((one) => (isJsonObject(one) ? one : {})) : [];
}

function textsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

function toObject(object: JsonObject): KubeObject {
  return (
    readObjects(JSON.stringify(object), { path: 'printed' })[0]?.object ?? {
      apiVersion: '',
      kind: '',
      metadata: { name: '' },
    }
  );
}

function pathOf({ kind, metadata }: JsonObject): string {
  const namespace = isJsonObject(metadata) && typeof metadata.namespace === 'string' ? metadata.namespace : '';
  const plural = `${String(kind).toLowerCase()}s`;
  if (kind === 'Namespace') return '/api/v1/namespaces';
  return namespace === '' ? `${RBAC}/${plural}` : `${RBAC}/namespaces/${namespace}/${plural}`;
}
