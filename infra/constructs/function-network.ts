/** Where a function stands, by ids alone: nothing is looked up, since Lambda asks only for subnets and groups. */
import { type ISecurityGroup, type IVpc, SecurityGroup, Subnet, type SubnetSelection, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';

export interface FunctionNetwork {
  readonly vpc: IVpc;
  readonly vpcSubnets: SubnetSelection;
  readonly securityGroups: ISecurityGroup[];
}

export interface NetworkIds {
  readonly vpcId: string;
  readonly subnetIds: readonly string[];
  readonly securityGroupIds: readonly string[];
}

/** Returns the network for a function; it makes no resource. */
export function functionNetwork(
  scope: Construct,
  id: string,
  { vpcId, subnetIds, securityGroupIds }: NetworkIds,
): FunctionNetwork {
  const place = new Construct(scope, id);
  return {
    vpc: Vpc.fromVpcAttributes(place, 'Vpc', {
      vpcId,
      // Wanted by the class, used by nothing.
      availabilityZones: subnetIds.map((_, index) => `zone-${index}`),
      privateSubnetIds: [...subnetIds],
    }),
    vpcSubnets: { subnets: subnetIds.map((subnetId, index) => Subnet.fromSubnetId(place, `Subnet${index}`, subnetId)) },
    securityGroups: securityGroupIds.map((groupId, index) =>
      SecurityGroup.fromSecurityGroupId(place, `Group${index}`, groupId, { mutable: false }),
    ),
  };
}
