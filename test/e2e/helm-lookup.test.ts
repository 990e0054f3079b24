/** What a chart looks up, gathered from a real API server, gives the objects that helm gives with the same server at hand. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, test } from 'node:test';
import { readGathered } from '../../shared/job/reconcile/gather-facts.ts';
import type { Gathered } from '../../shared/model/gathered.ts';
import type { KubeObject } from '../../shared/model/kube-object.ts';
import type { ObjectReference } from '../../shared/model/render-settings/values-from.ts';
import { readObjects } from '../../shared/render/read-objects.ts';
import { sharedCluster } from '../controlplane/shared-cluster.ts';
import { textSource } from '../unit/render/folder-source.ts';
import { renderIn } from '../unit/render/render-in.ts';
import { openRealTools, type RealTools } from './adopt/real-tools.ts';
import { type ClusterLab, openClusterLab } from './ownership/lab.ts';

const namespace = `lookup-${randomBytes(4).toString('hex')}`;
let lab: ClusterLab;
let tools: RealTools;
before(async () => {
  lab = await openClusterLab();
  tools = await openRealTools(await sharedCluster());
  await lab.others.ensureNamespace(namespace);
  const files = await tools.folder({ 'all.yaml': IN_CLUSTER });
  await tools.kubectl('apply', '-n', namespace, '-f', `${files}/all.yaml`);
});
after(async () => {
  await tools.kubectl('delete', 'namespace', namespace, '--wait=false');
  await tools.close();
  await lab.close();
});

const IN_CLUSTER = `
apiVersion: v1
kind: Secret
metadata: {name: keys, annotations: {"a/b": "x\\"y\\\\z {{ end }}\\n"}}
stringData: {password: "hunter2 ÄÖ 🦆", empty: ""}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: one, labels: {kind: listed}}
data: {text: "a\\n\\tb\\u0001"}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: two, labels: {kind: listed}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 0
  progressDeadlineSeconds: 2000000
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers: [{name: web, image: web, ports: [{containerPort: 8080}], securityContext: {}, resources: {limits: {cpu: 1500m}}}]
`;

const LOOKUP: readonly ObjectReference[] = [
  { apiVersion: 'v1', kind: 'Secret', namespace, name: 'keys' },
  { apiVersion: 'v1', kind: 'Secret', namespace, name: 'not-there' },
  { apiVersion: 'v1', kind: 'ConfigMap', namespace },
  { apiVersion: 'apps/v1', kind: 'Deployment', namespace, name: 'web' },
  { apiVersion: 'v1', kind: 'Namespace', name: 'kube-system' },
];
/** Without what is another one each time it is read, and what is told of ownership. */
const STABLE =
  '{{ define "stable" }}{{ $m := omit .metadata "managedFields" "resourceVersion" }}{{ set . "metadata" $m | toJson }}{{ end }}';
const CHART = {
  'Chart.yaml': 'apiVersion: v2\nname: shop\nversion: 1.0.0\n',
  'templates/_stable.tpl': STABLE,
  'templates/all.yaml': `
{{- $web := lookup "apps/v1" "Deployment" .Release.Namespace "web" }}
apiVersion: v1
kind: ConfigMap
metadata:
  name: seen
data:
  secret: {{ include "stable" (lookup "v1" "Secret" .Release.Namespace "keys") | quote }}
  password: {{ (lookup "v1" "Secret" .Release.Namespace "keys").data.password | b64dec | quote }}
  missing: {{ lookup "v1" "Secret" .Release.Namespace "not-there" | toJson | quote }}
  isMissing: {{ not (lookup "v1" "Secret" .Release.Namespace "not-there") | quote }}
  web: {{ include "stable" $web | quote }}
  numbers: '{{ $web.spec.progressDeadlineSeconds }} {{ eq $web.spec.replicas 0 }} {{ kindOf $web.spec.replicas }} {{ (index (index $web.spec.template.spec.containers 0).ports 0).containerPort | add 1 }}'
  list: '{{ range (lookup "v1" "ConfigMap" .Release.Namespace "").items }}{{ if .metadata.labels }}{{ .kind }} {{ .apiVersion }} {{ .metadata.name }};{{ end }}{{ end }}'
  kind: '{{ with lookup "v1" "ConfigMap" .Release.Namespace "" }}{{ .kind }} {{ .apiVersion }} {{ kindOf .items }}{{ end }}'
  system: '{{ (lookup "v1" "Namespace" "" "kube-system").metadata.uid }}{{ "kube-system" | lookup "v1" "Namespace" "" | dig "status" "phase" "none" }}'
---
{{- range $index, $map := (lookup "v1" "ConfigMap" .Release.Namespace "").items }}
{{- if hasKey ($map.metadata.labels | default dict) "kind" }}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: "copy-of-{{ $map.metadata.name }}"}
data: {{ $map.data | default dict | toJson }}
{{- end }}
{{- end }}
`,
};

async function gathered(): Promise<Gathered> {
  const discovery = await lab.connection.discover();
  const requests = [{ application: 'web', places: [], objects: LOOKUP }];
  const [told] = await readGathered({ connection: lab.connection, discovery, requests, concurrency: 4 });
  const found = Object.entries(told?.objects ?? {}).map(([key, value]): readonly [string, readonly KubeObject[]] => {
    assert.ok(value.found === 'objects', JSON.stringify(value));
    return [key, value.objects];
  });
  return { values: {}, objects: Object.fromEntries(found) };
}

test('a chart that looks things up gives the objects that helm gives with the cluster at hand', async () => {
  const folder = await tools.folder(CHART);
  const printed = await tools.helm('template', 'web', folder, '--namespace', namespace, '--dry-run=server');

  const { objects } = await renderIn(textSource(CHART), {
    path: '.',
    namespace,
    gathered: await gathered(),
    render: { helm: { valuesFiles: [], values: {}, includeCRDs: true, lookup: [...LOOKUP] } },
  });

  const theirs = readObjects(printed, { path: 'all.yaml' }).map(({ object }) => object);
  assert.deepEqual(
    objects.map(({ object }) => object),
    theirs,
  );
  assert.equal(theirs.length, 3);
  assert.match(JSON.stringify(theirs), /hunter2 ÄÖ 🦆/);
  assert.match(JSON.stringify(theirs), /2000000 true int64 8081/);
});
