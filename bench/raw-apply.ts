/**
 * The floor that the first apply is measured against: server-side applies in a bare loop over undici, 32 connections,
 * HTTP/1.1, answers read and dropped. A process of its own: `raw-apply.ts SERVER CA_FILE TOKEN NAMESPACE EACH` applies
 * EACH objects of every kind and prints one line of JSON.
 */
import { readFile } from 'node:fs/promises';
import { Pool } from 'undici';
import type { KubeObject } from '../shared/model/kube-object.ts';
import { groupOf } from '../shared/model/object-ref.ts';
import { objectsOfFourKinds } from './measured-objects.ts';

const CONNECTIONS = 32;
const RESOURCES: Readonly<Record<string, string>> = {
  ServiceAccount: 'serviceaccounts',
  ConfigMap: 'configmaps',
  Service: 'services',
  Deployment: 'deployments',
};

const [server = '', caFile = '', token = '', namespace = '', each = ''] = process.argv.slice(2);
const pool = new Pool(server, {
  connections: CONNECTIONS,
  allowH2: false,
  connect: { ca: await readFile(caFile, 'utf8') },
});
const all = objectsOfFourKinds(namespace, Number(each));
// Kind by kind, as Plumbline does: Deployments last, so that their controller's work falls behind most of the loop.
const objects = Object.keys(RESOURCES).flatMap((kind) => all.filter((object) => object.kind === kind));
const queue = objects.values();

const startedMs = performance.now();
await Promise.all(Array.from({ length: CONNECTIONS }, applyNext));
const durationMs = performance.now() - startedMs;
await pool.destroy();
process.stdout.write(`${JSON.stringify({ durationMs, requests: objects.length })}\n`);

async function applyNext(): Promise<void> {
  for (const object of queue) await apply(object);
}

async function apply(object: KubeObject): Promise<void> {
  const root = groupOf(object.apiVersion) === '' ? '/api/v1' : `/apis/${object.apiVersion}`;
  const { statusCode, body } = await pool.request({
    method: 'PATCH',
    path: `${root}/namespaces/${namespace}/${RESOURCES[object.kind]}/${object.metadata.name}?fieldManager=raw&fieldValidation=Strict`,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/apply-patch+yaml' },
    body: JSON.stringify(object),
  });
  const text = await body.text();
  if (statusCode >= 300) throw new Error(`${object.kind} ${object.metadata.name}: HTTP ${statusCode}: ${text}`);
}
