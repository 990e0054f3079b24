/** YAML of objects as tests declare them: one document each, with a separator in front. */

export function configMap(name: string, value: string, more: Readonly<Record<string, string>> = {}): string {
  return `---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\ndata: ${JSON.stringify({ value, ...more })}\n`;
}

export function secret(name: string, value: string): string {
  return `---\napiVersion: v1\nkind: Secret\nmetadata: {name: ${name}}\nstringData: ${JSON.stringify({ value })}\n`;
}

export function deployment(name: string, replicas = 0): string {
  return `---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
spec:
  replicas: ${replicas}
  selector: {matchLabels: {app: ${name}}}
  template:
    metadata: {labels: {app: ${name}}}
    spec: {containers: [{name: web, image: web}]}
`;
}

/** 250 each of ServiceAccount, ConfigMap, Service and Deployment with 0 replicas: the work of the benchmarks. */
export function thousandObjects(): string {
  const documents: string[] = [];
  for (let index = 0; index < 250; index++) {
    const name = `load-${index}`;
    documents.push(
      `---\napiVersion: v1\nkind: ServiceAccount\nmetadata: {name: ${name}}\n`,
      configMap(name, `value ${index}`),
      `---\napiVersion: v1\nkind: Service\nmetadata: {name: ${name}}\nspec: {selector: {app: ${name}}, ports: [{name: http, port: 80}]}\n`,
      deployment(name),
    );
  }
  return documents.join('');
}
