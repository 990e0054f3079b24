/** Outputs of CloudFormation stacks, one call a stack however many of its outputs are asked for. */
import { CloudFormationClient, DescribeStacksCommand, type Output } from '@aws-sdk/client-cloudformation';
import type { OutputPlace, ValueReader } from '../../job/value-port.ts';
import { describePlace } from '../../model/gathered.ts';
import type { FoundValue } from '../../model/gathering.ts';
import { awsErrorName } from '../aws/aws-fault.ts';
import { clientSettings } from '../aws/client-settings.ts';
import { valueRefusal } from '../aws/value-refusal.ts';

const REMEDY =
  'name the stack in `values.stacks` of plumbline.config.ts and deploy again, or give the credentials cloudformation:DescribeStacks on it';

type Described = { readonly outputs: readonly Output[] } | { readonly error: unknown } | undefined;

/** Returns a reader with the credentials of the environment. */
export function openStackOutputs(): ValueReader<OutputPlace> {
  const clients = new Map<string | undefined, CloudFormationClient>();
  return createStackOutputs((region) => {
    const settings = clientSettings(region === undefined ? {} : { region });
    const client = clients.get(region) ?? new CloudFormationClient(settings);
    clients.set(region, client);
    return client;
  });
}

/** Returns a reader over one client a region; undefined is the region of the environment. */
export function createStackOutputs(
  clientOf: (region: string | undefined) => CloudFormationClient,
): ValueReader<OutputPlace> {
  return {
    read: async (places) => {
      const stacks = new Map<string, Promise<Described>>();
      const answers = places.map(async (place) => {
        const key = JSON.stringify([place.region, place.stack]);
        const describing = stacks.get(key) ?? describe(clientOf(place.region), place.stack);
        stacks.set(key, describing);
        return outputOf(await describing, place);
      });
      return Promise.all(answers);
    },
  };
}

/** Undefined: there is no such stack. */
async function describe(client: CloudFormationClient, stack: string): Promise<Described> {
  try {
    const { Stacks = [] } = await client.send(new DescribeStacksCommand({ StackName: stack }));
    return Stacks[0] && { outputs: Stacks[0].Outputs ?? [] };
  } catch (error) {
    // CloudFormation has no name of its own for it.
    const isMissing = awsErrorName(error) === 'ValidationError' && /does not exist/.test(String(error));
    return isMissing ? undefined : { error };
  }
}

function outputOf(described: Described, place: OutputPlace): FoundValue {
  if (described === undefined) return { found: 'nothing', missing: `there is no stack ${place.stack}` };
  if ('error' in described) {
    return { found: 'refused', problem: valueRefusal(described.error, describePlace(place), REMEDY) };
  }
  const output = described.outputs.find(({ OutputKey }) => OutputKey === place.output);
  if (output?.OutputValue !== undefined) return { found: 'text', text: output.OutputValue, isSecret: false };
  const names = described.outputs.flatMap(({ OutputKey }) => OutputKey ?? []).sort();
  const others = names.length === 0 ? 'it has no outputs' : `its outputs are ${names.join(', ')}`;
  return { found: 'nothing', missing: `the stack has no such output; ${others}` };
}
