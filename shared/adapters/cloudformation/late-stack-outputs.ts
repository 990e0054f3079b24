import type { OutputPlace, ValueReader } from '../../job/value-port.ts';
import { clientSettings } from '../aws/client-settings.ts';

/** Returns a reader with the credentials of the environment; the client is loaded by the first who refers to an output. */
export function lateStackOutputs(): ValueReader<OutputPlace> {
  let loaded: Promise<ValueReader<OutputPlace>> | undefined;
  return {
    read: async (places) => {
      if (places.length === 0) return [];
      loaded ??= load();
      return (await loaded).read(places);
    },
  };
}

async function load(): Promise<ValueReader<OutputPlace>> {
  const [{ CloudFormationClient }, { createStackOutputs }] = await Promise.all([
    import('@aws-sdk/client-cloudformation'),
    import('./stack-outputs.ts'),
  ]);
  const clients = new Map<string | undefined, InstanceType<typeof CloudFormationClient>>();
  return createStackOutputs((region) => {
    const client =
      clients.get(region) ?? new CloudFormationClient(clientSettings(region === undefined ? {} : { region }));
    clients.set(region, client);
    return client;
  });
}
