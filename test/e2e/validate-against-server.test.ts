/**
 * What `plumbline validate` says of an object, held against a real API server that is asked to apply it (dry run, strict
 * field validation). What the server takes we take; of what it refuses we find most, and how much is said here.
 */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { readKubernetesReleases } from '../../shared/adapters/kubernetes-schemas/read-releases.ts';
import { isJsonObject, type JsonObject } from '../../shared/model/json.ts';
import type { KubeObject } from '../../shared/model/kube-object.ts';
import { minorVersionOf } from '../../shared/model/kubernetes-release.ts';
import { parseYaml } from '../../shared/render/yaml.ts';
import { customKindsOf } from '../../shared/validate/custom-kinds.ts';
import { type KnownKinds, knownKinds } from '../../shared/validate/known-kinds.ts';
import { loadRules } from '../../shared/validate/rules/load-rules.ts';
import { callApi } from '../controlplane/call-api.ts';
import { eventually } from '../controlplane/eventually.ts';
import { sharedCluster } from '../controlplane/shared-cluster.ts';
import type { TestCluster } from '../controlplane/test-cluster.ts';
import { addUp, type Comparison, compareMutations, compareObjects } from './validate/compare.ts';
import { type AskServer, askServer } from './validate/server-verdict.ts';

const CORPORA = join(import.meta.dirname, '../../../shared/corpora');
const NAMESPACE = 'validate-objects';

let cluster: TestCluster;
let server: AskServer;
let builtIn: KnownKinds;

before(async () => {
  cluster = await sharedCluster();
  server = await askServer(cluster);
  const release = minorVersionOf(cluster.version);
  assert.ok(release !== undefined);
  builtIn = knownKinds(readKubernetesReleases().release(release), []);
  const body = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } };
  await callApi(cluster, { method: 'POST', path: '/api/v1/namespaces', body });
});

after(async () => {
  await server.close();
  await callApi(cluster, { method: 'DELETE', path: `/api/v1/namespaces/${NAMESPACE}` });
});

test('takes every object of Kubernetes that the server takes, wrong in every way or not', async (t) => {
  const comparisons: Comparison[] = [];
  for (const object of objectsIn(join(import.meta.dirname, 'validate/valid-objects.yaml'))) {
    comparisons.push(await compareMutations(object, { server, kinds: builtIn, namespace: NAMESPACE }));
  }

  const all = addUp(comparisons);
  t.diagnostic(figures(all));
  assert.deepEqual(all.falseAlarms, []);
  assert.ok(all.refused > 3000, `only ${all.refused} refusals`);
  assert.ok(all.found / all.refused > 0.78, figures(all));
  // What has the wrong type or no place is found without exception.
  const shapes = all.missed.filter((one) =>
    /field not declared in schema|expected |cannot unmarshal|unknown field/.test(one),
  );
  assert.deepEqual(shapes, []);
});

test('takes every custom resource that the server takes, rules of the CRD among the reasons', async (t) => {
  const [crd, gadget] = objectsIn(join(import.meta.dirname, 'validate/gadget.yaml'));
  assert.ok(crd !== undefined && gadget !== undefined);
  const crds = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
  const made = await callApi(cluster, { method: 'POST', path: crds, body: crd });
  assert.equal(made.status, 201, JSON.stringify(made.body));
  t.after(() => callApi(cluster, { method: 'DELETE', path: `${crds}/gadgets.validate.plumbline.test` }));
  const kinds = knownKinds(builtIn.release, customKindsOf(crd as unknown as KubeObject));
  const by = { server, kinds, namespace: NAMESPACE, checkRules: await loadRules() };
  await eventually(
    () => compareObjects([gadget], by),
    ({ taken }) => taken === 1,
  );

  const all = await compareMutations(gadget, by);

  t.diagnostic(figures(all));
  assert.deepEqual(all.falseAlarms, []);
  // The server divides in a way of its own there, and refuses a number that is a multiple.
  assert.deepEqual(
    all.missed.filter((one) => !one.includes('factor MultipleOf declared')),
    [],
  );
  assert.ok(all.refused > 150, figures(all));
});

test('takes the manifests of public projects as the server does', { skip: !existsSync(CORPORA) }, async (t) => {
  const files = ['gitops', 'health/objects'].flatMap((folder) => manifestsBelow(join(CORPORA, folder)));
  const objects = files.flatMap(objectsIn).filter(isKnown).map(asDeclared);

  const all = await compareObjects(objects, { server, kinds: builtIn, namespace: NAMESPACE });

  t.diagnostic(figures(all));
  assert.ok(all.asked > 30, `${all.asked} objects`);
  assert.deepEqual(all.falseAlarms, []);
});

function figures({ asked, refused, found, missed }: Comparison): string {
  const share = ((100 * found) / Math.max(1, refused)).toFixed(1);
  return `${asked} objects asked about, ${refused} refused by the server, ${found} of these found (${share} %), ${missed.length} missed`;
}

function objectsIn(path: string): readonly JsonObject[] {
  return parseYaml(readFileSync(path, 'utf8'))
    .documents.map(({ document }) => document)
    .filter(isJsonObject);
}

function manifestsBelow(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.ya?ml$/.test(path))
    .map((path) => join(folder, path))
    .filter((path) => !readFileSync(path, 'utf8').includes('{{'));
}

function isKnown({ apiVersion, kind, metadata }: JsonObject): boolean {
  const isNamed = isJsonObject(metadata) && typeof metadata.name === 'string' && metadata.name !== '';
  return isNamed && builtIn.find(String(apiVersion), String(kind)) !== undefined;
}

/** Without what a cluster adds: these objects were read from some. */
function asDeclared({ metadata, ...object }: JsonObject): JsonObject {
  const { name, labels, annotations, generateName } = isJsonObject(metadata) ? metadata : {};
  const kept = Object.entries({ name, labels, annotations, generateName }).filter(
    ([, value]) => value !== undefined && value !== null,
  );
  return { ...object, metadata: Object.fromEntries(kept.map(([key, value]) => [key, value ?? null])) };
}
