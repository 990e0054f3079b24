import { keyOfPlace } from '../../model/gathered.ts';
import type { FoundValue, OutsidePlace } from '../../model/gathering.ts';
import type { OutsideValues } from '../value-port.ts';

interface Batch {
  readonly places: OutsidePlace[];
  readonly answers: Promise<readonly FoundValue[]>;
}

/**
 * Returns `values` for one plan: each place is read once, so that all applications of the plan see the same, and what is
 * asked for in one go, by however many applications, is read together.
 */
export function readOncePlanned(values: OutsideValues): OutsideValues {
  const known = new Map<string, Promise<FoundValue>>();
  let batch: Batch | undefined;
  const begin = (): Batch => {
    const places: OutsidePlace[] = [];
    const answers = Promise.resolve().then(() => {
      batch = undefined;
      return values.read(places);
    });
    return { places, answers };
  };
  const enter = (place: OutsidePlace): Promise<FoundValue> => {
    batch ??= begin();
    const index = batch.places.push(place) - 1;
    return batch.answers.then((answers) => answers[index] ?? { found: 'nothing', missing: 'it was not read' });
  };
  return {
    read: (places) => {
      const answers = places.map((place) => {
        const key = keyOfPlace(place);
        const answer = known.get(key) ?? enter(place);
        known.set(key, answer);
        return answer;
      });
      return Promise.all(answers);
    },
  };
}
