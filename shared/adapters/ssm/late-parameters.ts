import type { ParameterPlace, ValueReader } from '../../job/value-port.ts';
import { clientSettings } from '../aws/client-settings.ts';

/** Returns a reader with the credentials of the environment; the client is loaded by the first who refers to a parameter. */
export function lateParameters(): ValueReader<ParameterPlace> {
  let loaded: Promise<ValueReader<ParameterPlace>> | undefined;
  return {
    read: async (places) => {
      if (places.length === 0) return [];
      loaded ??= load();
      return (await loaded).read(places);
    },
  };
}

async function load(): Promise<ValueReader<ParameterPlace>> {
  const [{ SSMClient }, { createSsmParameters }] = await Promise.all([
    import('@aws-sdk/client-ssm'),
    import('./ssm-parameters.ts'),
  ]);
  const clients = new Map<string | undefined, InstanceType<typeof SSMClient>>();
  return createSsmParameters((region) => {
    const client = clients.get(region) ?? new SSMClient(clientSettings(region === undefined ? {} : { region }));
    clients.set(region, client);
    return client;
  });
}
