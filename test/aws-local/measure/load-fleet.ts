/**
 * A fleet for measurements: clusters that all get the same applications, each of a number of objects of 4 kinds in a
 * namespace of its own. Beside the clusters that run, others may be declared that nothing stands behind: a planner does
 * not know the difference.
 */
import type { AwsLocal } from '../aws-local.ts';
import { ACCESS_ROLE } from '../story/story-stack.ts';
import { TinyFleet } from '../story/tiny-fleet.ts';

export interface LoadSize {
  readonly applications: number;
  /** Of each application; a multiple of 4. */
  readonly objects: number;
}

export class LoadFleet {
  readonly size: LoadSize;
  readonly #tiny: TinyFleet;
  #values = 0;

  private constructor(tiny: TinyFleet, size: LoadSize) {
    this.#tiny = tiny;
    this.size = size;
  }

  /** Declares the clusters of the stack and `more`; nothing is pushed yet. */
  static async create(aws: AwsLocal, size: LoadSize, more: readonly string[] = []): Promise<LoadFleet> {
    const fleet = new LoadFleet(await TinyFleet.create(aws), size);
    const applications = numbers(size.applications);
    await fleet.declare([...aws.clusters.map(({ name }) => name), ...more]);
    await fleet.#tiny.write({
      'plumbline/settings.yaml': applications.map(declareApplication).join('---\n'),
      ...Object.fromEntries(
        applications.flatMap((index) => [
          [`apps/app-${index}/kustomization.yaml`, 'resources: [objects.yaml, value.yaml]\n'],
          [`apps/app-${index}/objects.yaml`, objectsOf(size.objects - 1)],
          [`apps/app-${index}/value.yaml`, valueObject('first')],
        ]),
      ),
    });
    return fleet;
  }

  async declare(clusters: readonly string[]): Promise<void> {
    await this.#tiny.write({ 'plumbline/clusters.yaml': clusters.map(declareCluster).join('---\n') });
  }

  /** Changes one object of the first application and pushes; returns the commit and the value. */
  async change(): Promise<{ readonly commit: string; readonly value: string }> {
    this.#values += 1;
    const value = `value-${this.#values}`;
    await this.#tiny.write({ 'apps/app-0/value.yaml': valueObject(value) });
    return { commit: await this.#tiny.push(value), value };
  }

  async remove(): Promise<void> {
    await this.#tiny.remove();
  }
}

/** Path of the object that `change` changes. */
export const CHANGED_OBJECT = '/api/v1/namespaces/app-0/configmaps/value';

function declareApplication(index: number): string {
  return `apiVersion: plumbline.dev/v1
kind: Application
metadata: {name: app-${index}}
spec: {source: {path: apps/app-${index}}, clusters: {matchLabels: {stage: load}}, namespace: app-${index}, createNamespace: true}
`;
}

/** As clusters are labelled: it is stored with each of them. */
const TAGS =
  'team: payments, environment: production, region: eu-west-1, account: "210987654321", cost-center: "4711", tier: critical';

function declareCluster(name: string): string {
  return `apiVersion: plumbline.dev/v1
kind: Cluster
metadata: {name: ${name}, labels: {stage: load, ${TAGS}}}
spec: {eks: {name: ${name}, region: eu-west-1, roleArn: "${ACCESS_ROLE}"}}
`;
}

function objectsOf(count: number): string {
  return numbers(count)
    .map((index) => OBJECTS[index % OBJECTS.length]?.(`load-${index}`) ?? '')
    .join('---\n');
}

const OBJECTS: readonly ((name: string) => string)[] = [
  (name) => `apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: ${name}}\n`,
  (name) => `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\ndata: {value: value of ${name}}\n`,
  (name) => `apiVersion: v1
kind: Service
metadata: {name: ${name}}
spec: {selector: {app: ${name}}, ports: [{name: http, port: 80, protocol: TCP}]}
`,
  (name) => `apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}}
spec:
  replicas: 0
  selector: {matchLabels: {app: ${name}}}
  template:
    metadata: {labels: {app: ${name}}}
    spec: {containers: [{name: web, image: "example.com/web:1", resources: {limits: {memory: 128Mi}}}]}
`,
];

function valueObject(value: string): string {
  return `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: value}\ndata: {value: ${value}}\n`;
}

function numbers(count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => index);
}
