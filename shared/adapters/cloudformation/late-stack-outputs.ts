import type { OutputPlace, ValueReader } from '../../job/value-port.ts';

/**
 * Returns a reader with the credentials of the environment. The client is loaded by the first who refers to an output, by
 * way of a module of ours: of a package that is imported late, a bundle keeps everything.
 */
export function lateStackOutputs(): ValueReader<OutputPlace> {
  let loaded: Promise<ValueReader<OutputPlace>> | undefined;
  return {
    read: async (places) => {
      if (places.length === 0) return [];
      loaded ??= import('./stack-outputs.ts').then((stacks) => stacks.openStackOutputs());
      return (await loaded).read(places);
    },
  };
}
