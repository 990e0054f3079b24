/** What everybody else does to the cluster behind our back. Each act makes sense whatever is there. */
import type { KubeObject } from '../../../shared/model/kube-object.ts';
import type { Problem } from '../../../shared/model/problem.ts';
import type { ForeignClient, MutableJson } from '../ownership/foreign-client.ts';
import type { Ledger } from './ledger.ts';
import { FIXED, type Field, objectOf, POOL, type PoolObject, poolObject, type Values } from './pool.ts';

export const FOREIGN_ACTS = [
  'edit-by-update',
  'edit-by-apply',
  'edit-by-force',
  'remove-field',
  'add-label',
  'strip-labels',
  'steal-labels',
  'clear-owners',
  'delete',
  'recreate-bare',
  'recreate-as-copy',
  'create-bare',
  'create-as-helm',
  'copy-to-stranger',
] as const;

export interface ForeignAct {
  readonly act: (typeof FOREIGN_ACTS)[number];
  readonly object: string;
  readonly field: Field;
  readonly value: string;
}

const MANAGER = 'neighbour';
const ADDED_LABEL = 'neighbour';
export const STRANGER = 'stranger';

export interface Neighbourhood {
  readonly client: ForeignClient;
  readonly namespace: string;
  readonly ledger: Ledger;
  readonly find: (name: string) => Promise<KubeObject | undefined>;
}

export async function actAsNeighbour(act: ForeignAct, around: Neighbourhood): Promise<void> {
  const pool = poolObject(act.object);
  const live = await around.find(act.object);
  if (live === undefined) await actOnNothing(act, pool, around);
  else await actOnLive(act, { pool, live }, around);
}

/** What is not ours and cannot be changed, or cannot stand with what others left in it, people delete themselves. */
export async function clearAway(problem: Problem, around: Neighbourhood): Promise<void> {
  const object = POOL.find(({ name }) => problem.subject.endsWith(`/${name}`))?.name;
  if (object === undefined || (problem.code !== 'ImmutableField' && !isLeftover(problem))) return;
  await actAsNeighbour({ act: 'delete', object, field: 'x', value: '' }, around);
}

async function actOnNothing(act: ForeignAct, pool: PoolObject, around: Neighbourhood): Promise<void> {
  if (act.act === 'create-bare' || act.act === 'create-as-helm') await create(act, pool, around);
}

interface Present {
  readonly pool: PoolObject;
  readonly live: KubeObject;
}

async function actOnLive(act: ForeignAct, present: Present, around: Neighbourhood): Promise<void> {
  const { client, ledger } = around;
  const { pool, live } = present;
  // What cannot be changed is refused to everyone.
  const ifItMay = (sent: Promise<void>) => (pool.name === FIXED ? sent.catch(() => undefined) : sent);
  const values: Values = { ...pool.read(live), [act.field]: act.value };
  const label = (labels: Readonly<Record<string, string>>) => ({ ...bare(live), metadata: { ...place(live), labels } });
  switch (act.act) {
    case 'edit-by-update':
      await ifItMay(replace(present, values, around));
      break;
    case 'remove-field':
      await ifItMay(replace(present, { ...values, [act.field]: undefined }, around));
      break;
    case 'edit-by-apply':
    case 'edit-by-force': {
      const force = act.act === 'edit-by-force';
      const body = objectOf(pool, { [act.field]: act.value }, place(live));
      const sent = client.patch(live, 'apply', body, { manager: MANAGER, force });
      // Without force it is refused where others hold another value.
      await (force ? ifItMay(sent) : sent.catch(() => undefined));
      break;
    }
    case 'add-label':
      await client.patch(live, 'apply', label({ [ADDED_LABEL]: act.value }), { manager: 'labeller', force: true });
      ledger.additions.set(live.metadata.uid ?? '', act.value);
      return noteUntouched(act, around);
    case 'strip-labels':
      await client.replace(live, (object) => delete object.metadata.labels, { manager: MANAGER });
      ledger.additions.delete(live.metadata.uid ?? '');
      break;
    case 'steal-labels': {
      const stolen = label({ 'applyset.kubernetes.io/part-of': 'applyset-of-a-neighbour-v1' });
      await client.patch(live, 'apply', stolen, { manager: MANAGER, force: true });
      break;
    }
    case 'clear-owners':
      await client.patch(live, 'merge', { metadata: { managedFields: [{}] } }, { manager: MANAGER });
      ledger.wiped.add(live.metadata.uid ?? '');
      break;
    case 'delete':
    case 'recreate-bare':
    case 'recreate-as-copy':
      await remove(live, around);
      if (act.act === 'recreate-bare') return create(act, pool, around);
      if (act.act === 'recreate-as-copy') return make(copyOf(live, live.metadata.name), act, around);
      break;
    case 'copy-to-stranger':
      return make(copyOf(live, `${STRANGER}-${live.metadata.name}-${act.value}`), act, around);
    case 'create-bare':
    case 'create-as-helm':
      return;
  }
  await noteTouched(act, around);
}

/** Adding beside what is ours changes nothing of ours. */
async function noteUntouched(act: ForeignAct, around: Neighbourhood): Promise<void> {
  const { edited } = around.ledger;
  const wasEdited = edited.has(act.object);
  await noteTouched(act, around);
  if (!wasEdited) edited.delete(act.object);
}

/** What others made and edit again is theirs as they left it last. */
async function noteTouched(act: ForeignAct, { ledger, find }: Neighbourhood): Promise<void> {
  ledger.touched.add(act.object);
  ledger.edited.add(act.object);
  const live = await find(act.object);
  const { uid = '', resourceVersion = '' } = live?.metadata ?? {};
  const foreign = ledger.foreign.get(uid);
  if (foreign !== undefined) ledger.foreign.set(uid, { ...foreign, resourceVersion });
}

async function replace({ pool, live }: Present, values: Values, { client }: Neighbourhood): Promise<void> {
  const body = pool.bodyOf(values);
  const change = (object: MutableJson) => {
    // What a Service has beside its ports is the server's.
    if (pool.kind === 'Service') Object.assign(object.spec, body.spec);
    else Object.assign(object, body);
  };
  await client.replace(live, change, { manager: MANAGER });
}

async function remove(live: KubeObject, { client, ledger }: Neighbourhood): Promise<void> {
  await client.delete(live);
  ledger.foreign.delete(live.metadata.uid ?? '');
}

async function create(act: ForeignAct, pool: PoolObject, around: Neighbourhood): Promise<void> {
  const helm = {
    labels: { 'app.kubernetes.io/managed-by': 'Helm' },
    annotations: { 'meta.helm.sh/release-name': 'web', 'meta.helm.sh/release-namespace': around.namespace },
  };
  const marks = act.act === 'create-as-helm' ? helm : {};
  const metadata = { name: pool.name, namespace: around.namespace, ...marks };
  await make(objectOf(pool, { [act.field]: act.value }, metadata), act, around);
}

async function make(object: KubeObject, act: ForeignAct, { client, ledger, find }: Neighbourhood): Promise<void> {
  if ((await find(object.metadata.name)) !== undefined) return;
  await client.ensureNamespace(object.metadata.namespace ?? '');
  const { metadata } = await client.create(object, { manager: 'kubectl-create' });
  const { name, uid = '', resourceVersion = '', labels } = metadata;
  const tool = act.act === 'create-as-helm' ? 'helm' : undefined;
  ledger.foreign.set(uid, { name, resourceVersion, tool });
  const added = labels?.[ADDED_LABEL];
  if (added !== undefined) ledger.additions.set(uid, added);
  ledger.touched.add(act.object);
  if (name === act.object) ledger.edited.add(name);
}

/** As `kubectl get -o yaml | kubectl create` makes it: labels and annotations go along. */
function copyOf(live: KubeObject, name: string): KubeObject {
  const { labels = {}, annotations = {}, namespace = '' } = live.metadata;
  return { ...live, metadata: { name, namespace, labels, annotations } };
}

function bare({ apiVersion, kind }: KubeObject): Pick<KubeObject, 'apiVersion' | 'kind'> {
  return { apiVersion, kind };
}

function place({ metadata }: KubeObject): { readonly name: string; readonly namespace: string } {
  return { name: metadata.name, namespace: metadata.namespace ?? '' };
}

/** Of a port that Git drops a neighbour keeps a part that cannot stand alone: whoever put it there has to take it away. */
export function isLeftover({ code, wrong }: Problem): boolean {
  return code === 'ConfigInvalid' && /spec\.ports\[\d\]\.name: Required value/.test(wrong);
}
