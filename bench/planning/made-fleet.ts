/** A monorepo of very many applications for many clusters, as a Git repository. */
import { makeRepository, type TestRepository } from '../../test/contract/source-repository.ts';

export interface FleetShape {
  readonly applications: number;
  readonly clusters: number;
  readonly regions: number;
  /** `all`: every application on every cluster, by a folder of each region. Else on so many clusters, from one folder. */
  readonly each: 'all' | number;
}

/** Returns the repository with one commit, and what takes it away. */
export async function makeFleet(
  shape: FleetShape,
): Promise<{ readonly repository: TestRepository; readonly remove: () => Promise<void> }> {
  const made = await makeRepository();
  const applications = numbers(shape.applications);
  await made.repository.commit('everything', {
    ...Object.fromEntries(numbers(shape.clusters).map((cluster) => declareCluster(shape, cluster))),
    ...Object.fromEntries(applications.map((app) => declareApplication(shape, app))),
    ...Object.fromEntries(applications.flatMap((app) => foldersOf(shape, app).map((at) => manifest(app, at, 'first')))),
  });
  return made;
}

/** Returns the change of one file of one application. */
export function touchOne(shape: FleetShape, application: number, value: string): Readonly<Record<string, string>> {
  const [folder = ''] = foldersOf(shape, application);
  return Object.fromEntries([manifest(application, folder, value)]);
}

function declareCluster({ regions, each, clusters }: FleetShape, cluster: number): readonly [string, string] {
  const group = each === 'all' ? 0 : Math.floor((cluster * each) / clusters);
  const labels = `{region: region-${cluster % regions}, group: group-${group}, slot: slot-${slotOf({ each, clusters }, cluster)}}`;
  const text = `apiVersion: plumbline.dev/v1
kind: Cluster
metadata: {name: cluster-${pad(cluster)}, labels: ${labels}}
spec: {kubeconfig: {context: cluster-${cluster}}}
`;
  return [`plumbline/clusters/cluster-${pad(cluster)}.yaml`, text];
}

/** Clusters of one slot are those that an application goes to which is not for all. */
function slotOf({ each, clusters }: Pick<FleetShape, 'each' | 'clusters'>, cluster: number): number {
  return each === 'all' ? 0 : cluster % (clusters / each);
}

function declareApplication(shape: FleetShape, app: number): readonly [string, string] {
  const { each, clusters } = shape;
  const name = `app-${pad(app)}`;
  const path = each === 'all' ? `apps/${name}/\${cluster.labels.region}` : `apps/${name}`;
  const to = each === 'all' ? '{all: true}' : `{matchLabels: {slot: slot-${app % (clusters / each)}}}`;
  const text = `apiVersion: plumbline.dev/v1
kind: Application
metadata: {name: ${name}}
spec:
  source: {path: "${path}"}
  clusters: ${to}
  namespace: ${name}
  createNamespace: true
  sync: {drift: heal, timeout: 5m}
  ignore: [{group: apps, kind: Deployment, fields: [/spec/replicas]}]
`;
  return [`plumbline/applications/${name}.yaml`, text];
}

function foldersOf({ each, regions }: FleetShape, app: number): readonly string[] {
  const folder = `apps/app-${pad(app)}`;
  return each === 'all' ? numbers(regions).map((region) => `${folder}/region-${region}`) : [folder];
}

function manifest(app: number, folder: string, value: string): readonly [string, string] {
  const objects = numbers(3).map(
    (n) =>
      `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: app-${app}-${n}}\ndata: {folder: ${folder}, value: "${value}"}\n`,
  );
  return [`${folder}/objects.yaml`, objects.join('---\n')];
}

function pad(n: number): string {
  return String(n).padStart(3, '0');
}

function numbers(count: number): readonly number[] {
  return [...Array(count).keys()];
}
