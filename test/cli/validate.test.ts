/** The check of a pull request, as it is called there. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { promisify } from 'node:util';
import { isJsonObject } from '../../shared/model/json.ts';
import { parseJson } from '../../shared/model/json-text.ts';
import { type Ran, runCommand } from '../e2e/cli/cli-lab.ts';

let folder: string;

const FILES = {
  'plumbline/clusters.yaml': `apiVersion: plumbline.dev/v1
kind: Cluster
metadata: {name: staging}
spec: {kubeconfig: {context: a}, kubernetesVersion: "1.31"}
---
apiVersion: plumbline.dev/v1
kind: Cluster
metadata: {name: production}
spec: {kubeconfig: {context: b}, kubernetesVersion: v1.36.2-eks-1a2b3c}
`,
  'plumbline/web.yaml': `apiVersion: plumbline.dev/v1
kind: Application
metadata: {name: web}
spec: {source: {path: apps/web}, clusters: {all: true}, namespace: default}
`,
  'apps/web/web.yaml': `apiVersion: v1
kind: ConfigMap
metadata:
  name: web
data:
  a: b
`,
};

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plumbline-validate-'));
  await promisify(execFile)('git', ['init', '-q', '-b', 'main', folder]);
  await write(FILES);
});

afterEach(() => rm(folder, { recursive: true }));

async function write(files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
}

function validate(...words: readonly string[]): Promise<Ran> {
  const env = { ...process.env, HOME: homedir(), XDG_STATE_HOME: join(folder, '.state'), GITHUB_ACTIONS: undefined };
  return runCommand(['validate', '--worktree', ...words], { cwd: folder, env });
}

const BAD = `apiVersion: v1
kind: Service
metadata:
  name: bad
spec:
  ports:
    - port: 80
      protocl: TCP
    - name: b
      port: "81"
---
apiVersion: flowcontrol.apiserver.k8s.io/v1beta3
kind: FlowSchema
metadata: {name: flow}
spec: {priorityLevelConfiguration: {name: exempt}}
`;

test('ends well, and says so, where nothing is wrong', async () => {
  const { status, stdout } = await validate();

  assert.equal(status, 0);
  assert.match(stdout, /^✓ \. at worktree is good: 2 clusters, 1 application, 2 objects in /m);
});

test('names the line of the field, what was meant, and the clusters that it concerns', async () => {
  await write({ 'apps/web/bad.yaml': BAD });

  const { status, stdout } = await validate();

  assert.equal(status, 1);
  assert.match(
    stdout,
    /✗ unknown-field in all 2 clusters\n {2}apps\/web\/bad\.yaml:8:7: Service\/bad: \.spec\.ports\[0\]\.protocl: .*\n {2}to do {4}did you mean "protocol"\?/,
  );
  assert.match(
    stdout,
    /apps\/web\/bad\.yaml:10:13: Service\/bad: \.spec\.ports\[1\]\.port: a whole number is expected/,
  );
  assert.match(stdout, /✗ api-removed in production\n/);
  assert.match(stdout, /~ api-removed-next in staging\n/);
  assert.match(stdout, /^✗ \. at worktree has 3 errors, 1 warning: /m);
});

test('fails on warnings only where it is told to', async () => {
  await write({
    'apps/web/bad.yaml': BAD.slice(BAD.indexOf('---\n') + 4),
    'plumbline/clusters.yaml': FILES['plumbline/clusters.yaml'].slice(
      0,
      FILES['plumbline/clusters.yaml'].indexOf('---'),
    ),
  });

  const statuses = [
    await validate(),
    await validate('--fail-on', 'warning'),
    await validate('--fail-on', 'warning', '--next', '1.31'),
  ];

  // The API is deprecated too, whatever comes next.
  assert.deepEqual(
    statuses.map(({ status }) => status),
    [0, 1, 1],
  );
});

test('says what a call means that nobody understands with an exit status of its own', async () => {
  const { status, stderr } = await validate('--next', 'soon');

  assert.equal(status, 2);
  assert.match(stderr, /plumbline validate: read the arguments/);
});

test('writes SARIF with what readers ask for', async () => {
  await write({ 'apps/web/bad.yaml': BAD });

  const { status, stdout } = await validate('--output', 'sarif');

  assert.equal(status, 1);
  const sarif = parseJson(stdout);
  assert.ok(isJsonObject(sarif) && sarif.version === '2.1.0' && Array.isArray(sarif.runs));
  const [run] = sarif.runs;
  assert.ok(
    isJsonObject(run) &&
      isJsonObject(run.tool) &&
      isJsonObject(run.tool.driver) &&
      Array.isArray(run.tool.driver.rules),
  );
  assert.equal(run.tool.driver.name, 'Plumbline');
  assert.ok(Array.isArray(run.results) && run.results.length === 4);
  for (const result of run.results) {
    assert.ok(isJsonObject(result) && isJsonObject(result.message) && Array.isArray(result.locations));
    const rule = run.tool.driver.rules[Number(result.ruleIndex)];
    assert.ok(isJsonObject(rule) && rule.id === result.ruleId);
    assert.ok(['error', 'warning', 'note'].includes(String(result.level)));
    const [location] = result.locations;
    assert.ok(isJsonObject(location) && isJsonObject(location.physicalLocation));
    assert.deepEqual(location.physicalLocation.artifactLocation, { uri: 'apps/web/bad.yaml', uriBaseId: 'ROOT' });
    const { region } = location.physicalLocation;
    assert.ok(isJsonObject(region) && Number(region.startLine) > 0);
  }
});

test('checks custom resources against the CRD beside them, its rules too', async () => {
  await write({
    'apps/web/crd.yaml': `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: things.example.com}
spec:
  group: example.com
  scope: Namespaced
  names: {kind: Thing, plural: things}
  versions:
    - name: v1
      served: true
      storage: true
      schema:
        openAPIV3Schema:
          type: object
          properties:
            spec:
              type: object
              x-kubernetes-validations: [{rule: "self.least <= self.most", message: least is more than most}]
              properties: {least: {type: integer}, most: {type: integer, default: 5}}
`,
    'apps/web/thing.yaml': `apiVersion: example.com/v1
kind: Thing
metadata: {name: a}
spec: {least: 7}
---
apiVersion: example.com/v1
kind: Thing
metadata: {name: b}
spec: {least: few}
---
apiVersion: elsewhere.example.com/v1
kind: Other
metadata: {name: c}
`,
  });

  const { status, stdout } = await validate();

  assert.equal(status, 1);
  assert.match(
    stdout,
    /broken-rule.*\n {2}apps\/web\/thing\.yaml:4:7: Thing\.example\.com\/a: \.spec: least is more than most/,
  );
  assert.match(
    stdout,
    /wrong-type.*\n {2}apps\/web\/thing\.yaml:9:15: Thing\.example\.com\/b: \.spec\.least: a whole number is expected/,
  );
  assert.match(stdout, /= unknown-kind.*\n {2}apps\/web\/thing\.yaml:11:13: Other\.elsewhere\.example\.com\/c/);
});

test('finds circles, namespaces that nobody makes, and policies that deny', async () => {
  await write({
    'apps/web/more.yaml': `apiVersion: v1
kind: ConfigMap
metadata: {name: a, namespace: nowhere, annotations: {config.kubernetes.io/depends-on: /namespaces/nowhere/ConfigMap/b}}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: b, namespace: nowhere, annotations: {config.kubernetes.io/depends-on: /namespaces/nowhere/ConfigMap/a}}
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: {name: owned}
spec:
  matchConstraints: {resourceRules: [{apiGroups: [""], apiVersions: [v1], operations: [CREATE], resources: [configmaps]}]}
  validations: [{expression: "object.metadata.name != 'a'", messageExpression: "'no ' + object.metadata.name"}]
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata: {name: owned}
spec: {policyName: owned, validationActions: [Deny]}
`,
  });

  const { status, stdout } = await validate();

  assert.equal(status, 1);
  assert.match(
    stdout,
    /dependency-circle[\s\S]*it depends on itself: ConfigMap\/nowhere\/[ab] → ConfigMap\/nowhere\/[ab] → /,
  );
  assert.match(stdout, /missing-namespace[\s\S]*Namespace\/nowhere: application web puts objects into it/);
  assert.match(
    stdout,
    /policy-denies.*\n {2}apps\/web\/more\.yaml:1:1: ConfigMap\/nowhere\/a: ValidatingAdmissionPolicy owned: no a/,
  );
});

test('renders charts as for the version that a cluster declares, and hooks call it as they stand', async () => {
  await write({
    'apps/web/Chart.yaml': 'apiVersion: v2\nname: web\nversion: 1.0.0\n',
    'apps/web/templates/map.yaml': `apiVersion: v1
kind: ConfigMap
metadata: {name: of-chart}
data: {version: {{ if semverCompare "<1.32-0" .Capabilities.KubeVersion.Version }}[]{{ else }}new{{ end }}}
`,
  });
  const hook = join(import.meta.dirname, '../../examples/hooks/pre-commit');
  const command = join(import.meta.dirname, '../../cli/plumbline.mjs');
  const env = { ...process.env, XDG_STATE_HOME: join(folder, '.state'), PLUMBLINE: `${process.execPath} ${command}` };

  const ran = await promisify(execFile)('sh', [hook], { cwd: folder, env }).catch((error: { stdout: string }) => error);

  assert.match(
    ran.stdout,
    /✗ wrong-type in staging\n {2}apps\/web\/templates\/map\.yaml(:\d+)?: ConfigMap\/of-chart: \.data\.version: a text is expected/,
  );
});
