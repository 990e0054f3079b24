/**
 * A fleet repository whose commits are numbered: each gives every object its number, makes one that is its own and drops
 * that of the commit before. Two waves and a prune, rendered by kustomize.
 */
import type { AwsLocal } from '../aws-local.ts';
import { TinyFleet } from '../story/tiny-fleet.ts';

/** Objects that every commit has; `part-b` is of a later wave. */
export const NUMBERED = ['settings', 'part-a', 'part-b'] as const;

/** Returns the name of the object that one commit alone has. */
export function onlyAt(number: number): string {
  return `only-${number}`;
}

export class NumberedFleet {
  readonly #aws: AwsLocal;
  readonly #fleet: TinyFleet;
  #number = 0;

  private constructor(aws: AwsLocal, fleet: TinyFleet) {
    this.#aws = aws;
    this.#fleet = fleet;
  }

  static async create(aws: AwsLocal): Promise<NumberedFleet> {
    const fleet = await TinyFleet.create(aws);
    await fleet.write({ 'apps/settings/kustomization.yaml': 'resources: [objects.yaml]\n' });
    return new NumberedFleet(aws, fleet);
  }

  get path(): string {
    return this.#fleet.path;
  }

  /** Of the last commit. */
  get number(): number {
    return this.#number;
  }

  /** Commits the next number and pushes it; returns it. */
  async push(): Promise<number> {
    await this.#writeNext();
    await this.#fleet.push(`number ${this.#number}`);
    return this.#number;
  }

  /** Commits `count` numbers that lie ready in the repository; returns their commits, for `AwsLocal.moveBranch`. */
  async prepare(count: number): Promise<readonly string[]> {
    const commits: string[] = [];
    for (let made = 0; made < count; made += 1) {
      await this.#writeNext();
      commits.push(await this.#fleet.commit(`number ${this.#number}`));
    }
    await this.#aws.push(this.path, { branch: 'ready' });
    return commits;
  }

  async remove(): Promise<void> {
    await this.#fleet.remove();
  }

  async #writeNext(): Promise<void> {
    this.#number += 1;
    const names = [...NUMBERED, onlyAt(this.#number)];
    const objects = names.map((name) => configMap(name, this.#number));
    await this.#fleet.write({ 'apps/settings/objects.yaml': objects.join('---\n') });
  }
}

function configMap(name: string, number: number): string {
  const wave = name === 'part-b' ? 1 : 0;
  return `apiVersion: v1
kind: ConfigMap
metadata: {name: ${name}, annotations: {plumbline.dev/sync-wave: "${wave}"}}
data: {value: "${number}"}
`;
}
