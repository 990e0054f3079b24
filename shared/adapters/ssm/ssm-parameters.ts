/**
 * Parameters of Systems Manager, ten a call; a SecureString comes decrypted. One that may not be read makes a call fail
 * as a whole, so it is asked for again alone, and its neighbours are read.
 */
import { GetParametersCommand, type GetParametersResult, SSMClient } from '@aws-sdk/client-ssm';
import type { ParameterPlace, ValueReader } from '../../job/value-port.ts';
import { describePlace } from '../../model/gathered.ts';
import type { FoundValue } from '../../model/gathering.ts';
import { awsErrorName, isDenied } from '../aws/aws-fault.ts';
import { clientSettings } from '../aws/client-settings.ts';
import { valueRefusal } from '../aws/value-refusal.ts';

/** GetParameters takes no more. */
const MOST_NAMES = 10;

const REMEDY =
  'name it in `values.parameters` of plumbline.config.ts and deploy again, or give the credentials ssm:GetParameters on it; a key of yours has to let them decrypt';

/** Returns a reader with the credentials of the environment. */
export function openSsmParameters(): ValueReader<ParameterPlace> {
  const clients = new Map<string | undefined, SSMClient>();
  return createSsmParameters((region) => {
    const client = clients.get(region) ?? new SSMClient(clientSettings(region === undefined ? {} : { region }));
    clients.set(region, client);
    return client;
  });
}

/** Returns a reader over one client a region; undefined is the region of the environment. */
export function createSsmParameters(clientOf: (region: string | undefined) => SSMClient): ValueReader<ParameterPlace> {
  return {
    read: async (places) => {
      const answers = new Map<ParameterPlace, FoundValue>();
      const byRegion = Map.groupBy(places, ({ region }) => region);
      const batches = [...byRegion].flatMap(([region, of]) => batchesOf(of).map((batch) => ({ region, batch })));
      await Promise.all(
        batches.map(async ({ region, batch }) => {
          const found = await readBatch(clientOf(region), batch);
          for (const [index, place] of batch.entries()) answers.set(place, found[index] ?? NOT_THERE);
        }),
      );
      return places.map((place) => answers.get(place) ?? NOT_THERE);
    },
  };
}

const NOT_THERE: FoundValue = { found: 'nothing', missing: 'there is no such parameter' };

function batchesOf(places: readonly ParameterPlace[]): readonly (readonly ParameterPlace[])[] {
  return Array.from({ length: Math.ceil(places.length / MOST_NAMES) }, (_, index) =>
    places.slice(index * MOST_NAMES, (index + 1) * MOST_NAMES),
  );
}

async function readBatch(client: SSMClient, batch: readonly ParameterPlace[]): Promise<readonly FoundValue[]> {
  try {
    const command = new GetParametersCommand({ Names: batch.map(({ name }) => name), WithDecryption: true });
    const found = valuesIn(await client.send(command));
    return batch.map(({ name }) => found.get(name) ?? NOT_THERE);
  } catch (error) {
    if (batch.length > 1 && isOfOne(error)) {
      return (await Promise.all(batch.map((place) => readBatch(client, [place])))).flat();
    }
    return batch.map((place) => ({ found: 'refused', problem: valueRefusal(error, describePlace(place), REMEDY) }));
  }
}

/** Tells what one of the names brings upon all. */
function isOfOne(error: unknown): boolean {
  return isDenied(error) || ['ValidationException', 'InvalidKeyId'].includes(awsErrorName(error));
}

/** By every name that it may have been asked for by: its own, its ARN, each with a version or label. */
function valuesIn({ Parameters = [] }: GetParametersResult): ReadonlyMap<string, FoundValue> {
  return new Map(
    Parameters.flatMap(({ Name = '', ARN = '', Selector = '', Value = '', Type }) => {
      const value: FoundValue = { found: 'text', text: Value, isSecret: Type === 'SecureString' };
      return [Name, `${Name}${Selector}`, ARN, `${ARN}${Selector}`].map((name) => [name, value] as const);
    }),
  );
}
