/** A fleet repository that holds a secret wherever people and charts put them, some in objects that a cluster refuses. */
import { ACCESS_ROLE } from '../story/story-stack.ts';
import { PLANTED } from './planted-values.ts';

export type Files = Readonly<Record<string, string>>;

const base64 = (text: string): string => Buffer.from(text).toString('base64');

export function secretFleet(gitUrl: string): Files {
  return {
    'plumbline/clusters.yaml': `apiVersion: plumbline.dev/v1
kind: Cluster
metadata: {name: staging, labels: {stage: test}}
spec: {eks: {name: staging, region: eu-west-1, roleArn: "${ACCESS_ROLE}"}}
`,
    'plumbline/settings.yaml': [
      applicationOf('plain'),
      applicationOf('jobs'),
      applicationOf('refused'),
      applicationOf('chart', `render: {helm: {values: {password: "${PLANTED.chartValue}"}}}`),
      applicationOf('other', '', ', repository: other'),
      `apiVersion: plumbline.dev/v1
kind: Repository
metadata: {name: other}
spec: {git: {url: "${gitUrl}", credentials: forge}}
`,
    ].join('---\n'),
    'apps/plain/objects.yaml': PLAIN,
    'apps/jobs/job.yaml': jobWith(PLANTED.jobVariable),
    'apps/refused/objects.yaml': REFUSED,
    ...CHART,
  };
}

/** A chart whose own schema refuses the value that it is given. */
export const BAD_CHART: Files = {
  'plumbline/bad.yaml': applicationOf('bad', `render: {helm: {values: {password: "${PLANTED.badChartValue}"}}}`),
  'apps/bad/Chart.yaml': 'apiVersion: v2\nname: bad\nversion: 1.0.0\n',
  'apps/bad/values.schema.json': '{"properties": {"password": {"type": "string", "maxLength": 3}}}',
  'apps/bad/templates/none.yaml': '',
};

/** An immutable field changes: API servers quote what they have, and what they are to have. */
export const CHANGED_JOB: Files = { 'apps/jobs/job.yaml': jobWith(PLANTED.jobVariableLater) };

/** Of the repository that is read with credentials. */
export const OTHER_FILES: Files = {
  'apps/other/flags.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: flags}\ndata: {mode: calm}\n',
};

function applicationOf(name: string, render = '', source = ''): string {
  return `apiVersion: plumbline.dev/v1
kind: Application
metadata: {name: ${name}}
spec:
  source: {path: apps/${name}${source}}
  clusters: {matchLabels: {stage: test}}
  namespace: ${name}
  createNamespace: true
  ${render}
`;
}

const PLAIN = `apiVersion: v1
kind: Secret
metadata: {name: db}
data: {token: ${base64(PLANTED.secretData)}}
stringData: {other: "${PLANTED.secretText}"}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: settings}
data: {DB_PASSWORD: "${PLANTED.configMap}"}
---
${deploymentWith(`{name: DB_PASSWORD, value: "${PLANTED.variable}"}`)}`;

/** A type that is wrong is quoted with everything in it. */
const REFUSED = `apiVersion: v1
kind: Secret
metadata: {name: db}
stringData: {token: {nested: "${PLANTED.refusedSecret}"}}
---
${deploymentWith(`{name: API_TOKEN, value: {nested: "${PLANTED.refusedVariable}"}}`)}`;

function deploymentWith(variable: string): string {
  return `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 0
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: app, image: "example.com/app:1", env: [${variable}]}]}
`;
}

function jobWith(password: string): string {
  return `apiVersion: batch/v1
kind: Job
metadata: {name: import}
spec:
  suspend: true
  template:
    spec:
      restartPolicy: Never
      containers: [{name: app, image: "example.com/app:1", env: [{name: DB_PASSWORD, value: "${password}"}]}]
`;
}

const CHART: Files = {
  'apps/chart/Chart.yaml': 'apiVersion: v2\nname: chart\nversion: 1.0.0\n',
  'apps/chart/values.yaml': 'password: ""\n',
  'apps/chart/templates/secret.yaml': `apiVersion: v1
kind: Secret
metadata: {name: chart}
stringData: {password: {{ .Values.password | quote }}}
`,
  'apps/chart/templates/deployment.yaml': deploymentWith('{name: PASSWORD, value: {{ .Values.password | quote }}}'),
};
