import type { OutputPlace, OutsideValues, ParameterPlace, ValueReader } from '../value-port.ts';

/** Returns what asks each of two readers for what is its own. */
export function outsideValues(
  parameters: ValueReader<ParameterPlace>,
  outputs: ValueReader<OutputPlace>,
): OutsideValues {
  return {
    read: async (places) => {
      const [ofParameters, ofOutputs] = await Promise.all([
        parameters.read(places.flatMap((place) => (place.from === 'ssmParameter' ? [place] : []))),
        outputs.read(places.flatMap((place) => (place.from === 'stackOutput' ? [place] : []))),
      ]);
      const next = { ssmParameter: ofParameters.values(), stackOutput: ofOutputs.values() };
      return places.map(({ from }) => next[from].next().value ?? { found: 'nothing', missing: 'it was not read' });
    },
  };
}
