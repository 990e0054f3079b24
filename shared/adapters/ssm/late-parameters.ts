import type { ParameterPlace, ValueReader } from '../../job/value-port.ts';

/**
 * Returns a reader with the credentials of the environment. The client is loaded by the first who refers to a parameter,
 * by way of a module of ours: of a package that is imported late, a bundle keeps everything.
 */
export function lateParameters(): ValueReader<ParameterPlace> {
  let loaded: Promise<ValueReader<ParameterPlace>> | undefined;
  return {
    read: async (places) => {
      if (places.length === 0) return [];
      loaded ??= import('./ssm-parameters.ts').then((ssm) => ssm.openSsmParameters());
      return (await loaded).read(places);
    },
  };
}
