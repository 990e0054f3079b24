/** Everybody else: people with kubectl, controllers, other tools. Each act names the field manager that it is done as. */
import { readFile } from 'node:fs/promises';
import { Agent, request } from 'undici';
import type { Discovery, ServedKind } from '../../../shared/job/ports.ts';
import { isJsonObject, type Json } from '../../../shared/model/json.ts';
import { isKubeObject } from '../../../shared/model/kube-json.ts';
import type { KubeObject } from '../../../shared/model/kube-object.ts';
import { groupOf } from '../../../shared/model/object-ref.ts';
import type { ApiAccess } from '../../controlplane/call-api.ts';
import { eventually } from '../../controlplane/eventually.ts';

/** Enough of an object to address it. */
export interface Target {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
}

export interface Act {
  readonly manager: string;
  readonly subresource?: string;
  readonly force?: boolean;
}

const CONTENT_TYPES = {
  merge: 'application/merge-patch+json',
  strategic: 'application/strategic-merge-patch+json',
  json: 'application/json-patch+json',
  apply: 'application/apply-patch+yaml',
} as const;

export interface ForeignClient {
  get(target: Target): Promise<KubeObject>;
  /** Undefined: it is not there. */
  find(target: Target): Promise<KubeObject | undefined>;
  /** Makes the namespace unless it is there. */
  ensureNamespace(name: string): Promise<void>;
  list(kind: {
    readonly apiVersion: string;
    readonly kind: string;
    readonly namespace?: string;
  }): Promise<readonly KubeObject[]>;
  create(object: Target, act: Act): Promise<KubeObject>;
  /** Reads, changes and puts back, as `kubectl replace` and `kubectl edit` do. */
  replace(target: Target, change: (object: MutableJson) => void, act: Act): Promise<void>;
  patch(target: Target, type: keyof typeof CONTENT_TYPES, body: unknown, act: Act): Promise<void>;
  /** Tells whether applying would give what `isExpected` accepts; nothing is written. */
  wouldGive(object: KubeObject, isExpected: (object: KubeObject) => boolean): Promise<boolean>;
  delete(target: Target): Promise<void>;
  close(): Promise<void>;
}

// biome-ignore lint/suspicious/noExplicitAny: live objects of any kind are edited in place here, as a person would in an editor
export type MutableJson = any;

export async function createForeignClient(
  access: ApiAccess,
  discover: (options: { readonly fresh: boolean }) => Promise<Discovery>,
): Promise<ForeignClient> {
  const agent = new Agent({ connect: { ca: await readFile(access.caFile, 'utf8') }, allowH2: false });

  const send = async (
    method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
    path: string,
    body?: unknown,
    contentType = 'application/json',
  ) => {
    const { statusCode, body: answer } = await request(access.server + path, {
      dispatcher: agent,
      method,
      headers: { authorization: `Bearer ${access.token}`, 'content-type': contentType },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const json: Json = JSON.parse(await answer.text());
    return { status: statusCode, json };
  };
  const must = async (...args: Parameters<typeof send>): Promise<Json> => {
    const { status, json } = await send(...args);
    if (status < 300) return json;
    throw new Error(`${args[0]} ${args[1]}: ${status} ${isJsonObject(json) ? json.message : ''}`);
  };
  const pathOf = async (target: Target, act?: Act) => {
    const { apiVersion, kind, metadata } = target;
    const find = async (fresh: boolean) =>
      (await discover({ fresh })).kinds.find((one) => one.kind === kind && one.group === groupOf(apiVersion));
    // A CRD that changes is out of discovery for a moment.
    const served =
      (await find(false)) ??
      (await eventually(
        () => find(true),
        (found) => found !== undefined,
      ));
    if (served === undefined) throw new Error(`${kind} of ${apiVersion} is not served`);
    return `${collectionOf(apiVersion, served, metadata.namespace)}/${metadata.name}${act?.subresource ? `/${act.subresource}` : ''}`;
  };
  const get = async (target: Target) => asObject(await must('GET', await pathOf(target)));

  return {
    get,
    async find(target) {
      const { status, json } = await send('GET', await pathOf(target));
      return status === 404 ? undefined : asObject(json);
    },
    async ensureNamespace(name) {
      const { status } = await send('POST', '/api/v1/namespaces', { metadata: { name } });
      if (status !== 201 && status !== 409) throw new Error(`namespace ${name}: ${status}`);
    },
    async list({ apiVersion, kind, namespace }) {
      const target = { apiVersion, kind, metadata: { name: '', ...(namespace === undefined ? {} : { namespace }) } };
      const json = await must('GET', (await pathOf(target)).slice(0, -1));
      const items = isJsonObject(json) && Array.isArray(json.items) ? json.items : [];
      return items.map((item) => asObject({ apiVersion, kind, ...(isJsonObject(item) ? item : {}) }));
    },
    async create(object, act) {
      const collection = (await pathOf(object)).slice(0, -object.metadata.name.length - 1);
      return asObject(await must('POST', `${collection}?fieldManager=${act.manager}`, object));
    },
    async replace(target, change, act) {
      const path = `${await pathOf(target, act)}?fieldManager=${act.manager}`;
      // A controller may write the status in between.
      for (let tries = 0; tries < 10; tries++) {
        const object: MutableJson = structuredClone(await get(target));
        change(object);
        const { status, json } = await send('PUT', path, object);
        if (status < 300) return;
        if (status !== 409) throw new Error(`PUT ${path}: ${status} ${isJsonObject(json) ? json.message : ''}`);
      }
      throw new Error(`PUT ${path}: someone else was always faster`);
    },
    async patch(target, type, body, act) {
      const force = act.force ? '&force=true' : '';
      const path = `${await pathOf(target, act)}?fieldManager=${act.manager}${force}`;
      await must('PATCH', path, body, CONTENT_TYPES[type]);
    },
    async wouldGive(object, isExpected) {
      const path = `${await pathOf(object)}?fieldManager=probe&force=true&dryRun=All`;
      return isExpected(asObject(await must('PATCH', path, object, CONTENT_TYPES.apply)));
    },
    async delete(target) {
      await must('DELETE', await pathOf(target), { propagationPolicy: 'Background' });
    },
    close: () => agent.destroy(),
  };
}

function collectionOf(apiVersion: string, kind: ServedKind, namespace: string | undefined): string {
  const root = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  return `${root}${kind.namespaced ? `/namespaces/${namespace}` : ''}/${kind.resource}`;
}

function asObject(json: Json): KubeObject {
  if (isKubeObject(json)) return json;
  throw new Error(`not an object: ${JSON.stringify(json)}`);
}
