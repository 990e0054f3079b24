/** Networks: what stands where is read for `unreachable`; addresses and routes themselves do not exist here. */
import { z } from 'zod';
import { noEffect, TAGS } from './no-effect.ts';

const ADDRESSES = noEffect('no packet travels here');

export const NETWORK_TYPES = {
  'AWS::EC2::SecurityGroup': z.strictObject({
    GroupDescription: noEffect('only people read it'),
    GroupName: noEffect('only people read it'),
    VpcId: z.string().optional(),
    SecurityGroupEgress: z
      .array(
        z.strictObject({
          CidrIp: z.string().optional(),
          Description: noEffect('only people read it'),
          FromPort: z.number().optional(),
          ToPort: z.number().optional(),
          IpProtocol: z.string(),
        }),
      )
      .optional(),
    SecurityGroupIngress: noEffect('nobody calls into a function'),
    Tags: TAGS,
  }),
  'AWS::EC2::Subnet': z.strictObject({
    VpcId: z.string(),
    CidrBlock: ADDRESSES,
    AvailabilityZone: ADDRESSES,
    MapPublicIpOnLaunch: ADDRESSES,
    Tags: TAGS,
  }),
  'AWS::EC2::VPC': z.strictObject({
    CidrBlock: ADDRESSES,
    EnableDnsHostnames: ADDRESSES,
    EnableDnsSupport: ADDRESSES,
    InstanceTenancy: ADDRESSES,
    Tags: TAGS,
  }),
} as const;
