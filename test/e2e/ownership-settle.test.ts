/** Conflicts are settled by what their report prints: each piece between backticks is committed as it stands. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { load } from 'js-yaml';
import { isJsonObject, type JsonObject } from '../../shared/model/json.ts';
import type { KubeObject } from '../../shared/model/kube-object.ts';
import {
  type ApplicationLab,
  type ApplicationSettings,
  type ClusterLab,
  openApplicationLab,
  openClusterLab,
} from './ownership/lab.ts';
import { deployment } from './ownership/workload-cases.ts';

let cluster: ClusterLab;
before(async () => {
  cluster = await openClusterLab();
});
after(async () => {
  await cluster.close();
});

interface Contested {
  readonly name: string;
  /** What Git has, first without and then with the field. */
  readonly wanted: readonly [KubeObject, KubeObject];
  /** What somebody does in between. */
  readonly theirs: object;
  /** The field as it is after each of the two decisions. */
  readonly valueOf: (live: KubeObject) => unknown;
  readonly left: unknown;
  readonly taken: unknown;
}

const app = deployment();
const spec: JsonObject = isJsonObject(app.spec) ? app.spec : {};
const { replicas: _replicas, ...unscaled } = spec;
const annotated = (annotations: Readonly<Record<string, string>>): KubeObject => ({
  ...app,
  metadata: { ...app.metadata, annotations },
});
const secret = (data: JsonObject): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 'token' },
  data,
});
const many = Object.fromEntries(Array.from({ length: 9 }, (_, index) => [`key-${index}`, 'ours']));

const CASES: readonly Contested[] = [
  {
    name: 'the replicas of a Deployment',
    wanted: [
      { ...app, spec: unscaled },
      { ...app, spec: { ...spec, replicas: 0 } },
    ],
    theirs: { spec: { replicas: 3 } },
    valueOf: (live) => Object(live.spec).replicas,
    left: 3,
    taken: 0,
  },
  {
    name: 'an annotation with a slash and dots in its name',
    wanted: [app, annotated({ 'mesh.example.com/mode': 'ours' })],
    theirs: { metadata: { annotations: { 'mesh.example.com/mode': 'theirs' } } },
    valueOf: ({ metadata }) => metadata.annotations?.['mesh.example.com/mode'],
    left: 'theirs',
    taken: 'ours',
  },
  {
    name: 'a key of a Secret',
    wanted: [secret({ other: 'b3RoZXI=' }), secret({ other: 'b3RoZXI=', key: 'c2VjcmV0LW91cnM=' })],
    theirs: { data: { key: 'c2VjcmV0LXRoZWlycw==' } },
    valueOf: ({ data }) => Object(data).key,
    left: 'c2VjcmV0LXRoZWlycw==',
    taken: 'c2VjcmV0LW91cnM=',
  },
  {
    name: 'more keys than anyone wants to list',
    wanted: [
      { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'flags' }, data: { own: 'x' } },
      { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'flags' }, data: { own: 'x', ...many } },
    ],
    theirs: { data: Object.fromEntries(Object.keys(many).map((key) => [key, 'theirs'])) },
    valueOf: ({ data }) => Object(data)['key-3'],
    left: 'theirs',
    taken: 'ours',
  },
];

/** Returns the pieces of YAML that the report prints. */
function printedIn(message: string): readonly string[] {
  return [...message.matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? '');
}

describe('a conflict over', { concurrency: 4 }, () => {
  for (const one of CASES) {
    test(`${one.name} is settled either way by what is printed`, async () => {
      const first = await contested(one);
      const pieces = printedIn(first.message);
      await first.lab.remove();

      assert.ok(pieces.length >= 2, first.message);
      for (const piece of pieces) {
        const isTaken = piece.includes('conflicts: force');
        const { lab, message, subject } = await contested(one);
        try {
          assert.equal(printedIn(message).length, pieces.length);
          const printed = printedIn(message)[pieces.indexOf(piece)] ?? '';
          const { objects, settings } = commit(printed, one.wanted[1]);

          await lab.bringIn(objects, settings);

          const { changes, drift } = await lab.plan();
          assert.deepEqual([changes.map(({ op }) => op), drift], [['keep'], []], printed);
          assert.deepEqual(one.valueOf(await cluster.others.get(subject)), isTaken ? one.taken : one.left, printed);
        } finally {
          await lab.remove();
        }
      }
    });
  }
});

async function contested(
  one: Contested,
): Promise<{ readonly lab: ApplicationLab; readonly message: string; readonly subject: KubeObject }> {
  const lab = await openApplicationLab(cluster);
  const [sent] = await lab.bringIn([one.wanted[0]]);
  assert.ok(sent);
  await cluster.others.patch(sent.object, 'merge', one.theirs, { manager: 'somebody' });
  const refused = [...(await lab.carryOut(await lab.plan([one.wanted[1]]))).values()];
  assert.equal(refused.length, 1);
  const message = refused[0] ?? '';
  assert.match(message, /held by somebody since 20/);
  assert.ok(!message.includes('c2VjcmV0'), 'the value of a Secret is told');
  return { lab, message, subject: sent.object };
}

/** An annotation goes into the object, everything else into the Application. */
function commit(
  yaml: string,
  wanted: KubeObject,
): { readonly objects: readonly KubeObject[]; readonly settings: ApplicationSettings } {
  const parsed: unknown = load(yaml);
  assert.ok(isJsonObject(parsed), yaml);
  if (!yaml.startsWith('plumbline.dev/')) return { objects: [wanted], settings: parsed };
  const [[name = '', value] = []] = Object.entries(parsed);
  const annotations = { ...wanted.metadata.annotations, [name]: String(value) };
  return { objects: [{ ...wanted, metadata: { ...wanted.metadata, annotations } }], settings: {} };
}
