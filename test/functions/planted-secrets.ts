/** Values that may be found nowhere, and objects that hold them in every place where charts put secrets. */
export const PLANTED = {
  data: 'planted-data-0c3e7',
  stringData: 'planted-string-data-51ab',
  env: 'planted-env-77f0',
  annotation: 'planted-annotation-9d2c',
  configMap: 'planted-config-map-e41b',
  refused: 'planted-refused-2fa8',
  later: 'planted-later-b6c4',
  message: 'planted-message-6ad1',
} as const;

export const REFUSED_OBJECT = 'refused';

const base64 = (text: string): string => Buffer.from(text).toString('base64');

function objects(data: string): string {
  return `apiVersion: v1
kind: Secret
metadata:
  name: db
  annotations: {kubectl.kubernetes.io/last-applied-configuration: '{"data":{"token":"${PLANTED.annotation}"}}'}
data: {token: ${base64(data)}}
stringData: {other: ${PLANTED.stringData}}
---
apiVersion: v1
kind: Secret
metadata: {name: ${REFUSED_OBJECT}}
stringData: {token: ${PLANTED.refused}}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: app}
data: {DB_PASSWORD: ${data}-${PLANTED.configMap}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers: [{name: app, image: app, env: [{name: DB_PASSWORD, value: ${data}-${PLANTED.env}}]}]
`;
}

/** One after the other: the second is a change of each value. */
export const WANTED_OBJECTS = [objects(PLANTED.data), objects(PLANTED.later)] as const;

/** Every form in which a planted value could stand somewhere. */
export function formsOfPlanted(): readonly string[] {
  return Object.values(PLANTED).flatMap((value) => [value, base64(value), encodeURIComponent(value)]);
}
