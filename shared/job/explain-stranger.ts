/** An object that no run has seen, looked up in the clusters themselves: that nobody declares it, and who looks after it. */
import { VERSION } from '../config/names.ts';
import { PlumblineError } from '../errors.ts';
import { assessHealth } from '../health/assess.ts';
import type { ClusterDeclaration } from '../model/declarations.ts';
import { type KubeObject, refOf } from '../model/kube-object.ts';
import { foreignOwnerOf } from '../plan/foreign-owner.ts';
import type { ExplainedObject } from '../report/explained-object.ts';
import { countFields } from '../report/field-managers.ts';
import { type ExplainDeps, isKindNamed, type ObjectQuery } from './explain-object.ts';
import type { ClusterConnection, ResourcePath } from './ports.ts';
import { readDesired } from './read-desired.ts';

/** A name without a namespace may be met in many; more of them than this is no answer. */
const MOST_SHOWN = 5;

/** Returns the object as each reachable cluster of the fleet has it; empty when none has. */
export async function explainStranger(
  deps: ExplainDeps,
  fleet: string,
  query: ObjectQuery & { readonly cluster?: string },
): Promise<readonly ExplainedObject[]> {
  const items = (await deps.state.listClusters(fleet)).filter(
    ({ cluster }) => query.cluster === undefined || cluster === query.cluster,
  );
  const nowMs = await deps.state.nowMs();
  const found = await Promise.all(
    items.map(async ({ cluster, desired }) => {
      const state = desired && (await readDesired(deps.blobs, desired.blob));
      const live = state === undefined ? [] : await findLive(deps, state.cluster, query);
      return live.map((object) => storyOf(object, { fleet, cluster, nowMs }));
    }),
  );
  return found.flat();
}

/** Empty too when the cluster is out of reach: others may know the object. */
async function findLive(
  { clusters }: ExplainDeps,
  declaration: ClusterDeclaration,
  query: ObjectQuery,
): Promise<readonly KubeObject[]> {
  try {
    const connection = await clusters.connect(declaration, { userAgent: `plumbline/${VERSION} (explain)` });
    try {
      const { kinds } = await connection.discover();
      const named = kinds.filter(
        (kind) => isKindNamed(kind, query.kind) && (query.group === undefined || kind.group === query.group),
      );
      const objects = named.flatMap((kind) => {
        const [version] = kind.versions;
        return version === undefined ? [] : [readNamed(connection, { kind, version }, query)];
      });
      return (await Promise.all(objects)).flat();
    } finally {
      await connection.close();
    }
  } catch (error) {
    if (error instanceof PlumblineError && error.fault === 'platform') return [];
    throw error;
  }
}

async function readNamed(
  connection: ClusterConnection,
  path: ResourcePath,
  { name, namespace }: ObjectQuery,
): Promise<readonly KubeObject[]> {
  const { group, kind, namespaced } = path.kind;
  const places = namespaced ? await namespacesOf(connection, path, { name, namespace }) : [''];
  const answers = await Promise.all(
    places.map((place) => connection.get(path, { group, kind, namespace: place, name })),
  );
  return answers.flatMap((answer) => (answer.ok ? [answer.value] : []));
}

async function namespacesOf(
  connection: ClusterConnection,
  path: ResourcePath,
  { name, namespace }: { readonly name: string; readonly namespace: string | undefined },
): Promise<readonly string[]> {
  if (namespace !== undefined) return [namespace];
  const listed = await connection.list(path, { metadataOnly: true });
  if (!listed.ok) return [];
  const named = listed.value.filter(({ metadata }) => metadata.name === name);
  return named.slice(0, MOST_SHOWN).map(({ metadata }) => metadata.namespace ?? '');
}

function storyOf(
  object: KubeObject,
  { fleet, cluster, nowMs }: { readonly fleet: string; readonly cluster: string; readonly nowMs: number },
): ExplainedObject {
  const owner = ownerOf(object, fleet);
  return {
    ref: refOf(object),
    cluster,
    ...(owner && { owner }),
    sync: 'unknown',
    health: assessHealth(object, nowMs),
    managers: countFields(object.metadata.managedFields ?? []),
    problems: [],
    dependants: [],
  };
}

/** Undefined: nobody has left a name on it; the managers of its fields say the rest. */
function ownerOf(live: KubeObject, fleet: string): string | undefined {
  const { labels = {}, ownerReferences = [] } = live.metadata;
  const controller = ownerReferences.find((owner) => owner.controller === true);
  if (controller !== undefined) return `it is kept by ${controller.kind} ${controller.name}`;
  const foreign = foreignOwnerOf(live, { fleet, applySetIds: new Set(), adopt: [] });
  if (foreign !== undefined) return foreign.wrong;
  const tool = labels['app.kubernetes.io/managed-by'];
  return tool === undefined ? undefined : `it says that ${tool} manages it`;
}
