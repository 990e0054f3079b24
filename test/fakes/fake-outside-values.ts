import type { OutsideValues } from '../../shared/job/value-port.ts';
import { keyOfPlace } from '../../shared/model/gathered.ts';
import type { FoundValue, OutsidePlace } from '../../shared/model/gathering.ts';

/** Values in memory; `calls`: what was read together. */
export class FakeOutsideValues implements OutsideValues {
  readonly calls: (readonly OutsidePlace[])[] = [];
  readonly #values = new Map<string, FoundValue>();

  set(place: OutsidePlace, value: FoundValue): void {
    this.#values.set(keyOfPlace(place), value);
  }

  async read(places: readonly OutsidePlace[]): Promise<readonly FoundValue[]> {
    this.calls.push([...places]);
    return places.map((place) => this.#values.get(keyOfPlace(place)) ?? { found: 'nothing', missing: 'there is none' });
  }
}
