/** Which function stands in a network that lets nothing out. */
import type { Stack } from '../template/read-stack.ts';
import type { FunctionResource } from './function-definitions.ts';

/** What CDK writes for a group that allows nothing: an address that is nobody's. */
const NOBODY = '255.255.255.255/32';

/** Returns why a function reaches no service; undefined: it does, or its network is not the stack's to know. */
export function reasonForSilence(
  stack: Stack,
  { properties: { VpcConfig: config } }: FunctionResource,
): string | undefined {
  if (config === undefined) return undefined;
  const groups = stack.all('AWS::EC2::SecurityGroup').filter(({ arn, ref }) => {
    return config.SecurityGroupIds.includes(ref) || config.SecurityGroupIds.includes(arn);
  });
  const isOurs = groups.length === config.SecurityGroupIds.length;
  // Without rules of its own a group lets everything out.
  const isClosed = groups.every(({ properties: { SecurityGroupEgress: egress } }) =>
    (egress ?? [{ CidrIp: '0.0.0.0/0' }]).every(({ CidrIp }) => CidrIp === NOBODY),
  );
  return isOurs && isClosed ? 'its network lets nothing out' : undefined;
}
