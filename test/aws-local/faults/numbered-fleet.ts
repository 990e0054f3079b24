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
  readonly #fleet: TinyFleet;
  #number = 0;

  private constructor(fleet: TinyFleet) {
    this.#fleet = fleet;
  }

  static async create(aws: AwsLocal): Promise<NumberedFleet> {
    const fleet = await TinyFleet.create(aws);
    await fleet.write({ 'apps/settings/kustomization.yaml': 'resources: [objects.yaml]\n' });
    return new NumberedFleet(fleet);
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
