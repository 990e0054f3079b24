/**
 * What a private network needs so that its worker reaches AWS, and what that costs. Prices: us-east-1, November 2026, a
 * month of 730 hours; traffic comes on top.
 */
import type { CheckedConfig } from './checked-config.ts';

/** Services that a worker calls, besides those with gateway endpoints. Logs and traces do not go through the network. */
const INTERFACE_SERVICES = ['eks', 'events', 'kms', 'sqs', 'sts'] as const;
/** Cost nothing. */
const GATEWAY_SERVICES = ['dynamodb', 's3'] as const;

const HOURS_A_MONTH = 730;
const ENDPOINT_DOLLARS_AN_HOUR = 0.01;
const NAT_DOLLARS_AN_HOUR = 0.045;

/** Returns a line for each private network, for people. */
export function describeNetworks({ networks }: Pick<CheckedConfig, 'networks'>): readonly string[] {
  const natDollars = Math.round(NAT_DOLLARS_AN_HOUR * HOURS_A_MONTH);
  return Object.entries(networks).map(([name, { vpcId, subnetIds, egress }]) => {
    const place = `network ${name} (${vpcId})`;
    if (egress === 'nat') return `${place}: reaches AWS by a NAT gateway, about ${natDollars} dollars a month each`;
    const dollars = Math.round(INTERFACE_SERVICES.length * subnetIds.length * ENDPOINT_DOLLARS_AN_HOUR * HOURS_A_MONTH);
    const interfaces = `interface endpoints for ${INTERFACE_SERVICES.join(', ')} in ${subnetIds.length} subnets`;
    const gateways = `gateway endpoints for ${GATEWAY_SERVICES.join(' and ')} (free)`;
    return `${place}: needs ${interfaces}, about ${dollars} dollars a month, and ${gateways}; a NAT gateway would be about ${natDollars} dollars`;
  });
}
