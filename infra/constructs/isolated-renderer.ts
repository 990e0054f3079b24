/**
 * `render` runs helm and kustomize over other people's charts, so it may do nothing: its role holds its log and the
 * interfaces that Lambda makes, its network has no route, no endpoint and no rule that lets anything out. Files come and
 * objects go in the call itself (docs/decisions/0010).
 */
import { KubectlV36Layer } from '@aws-cdk/lambda-layer-kubectl-v36';
import { Duration, Fn } from 'aws-cdk-lib';
import { CfnSecurityGroup, CfnSubnet, CfnVPC } from 'aws-cdk-lib/aws-ec2';
import { Architecture, RecursiveLoop } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { type FunctionNetwork, functionNetwork } from './function-network.ts';
import { type FunctionDefaults, PlumblineFunction } from './plumbline-function.ts';

/** What the layer holds; test/infra compares it with the binaries themselves. */
export const RENDERER_VERSIONS = { helm: 'v4.2.3', kubectl: 'v1.36.3' } as const;

/** A chart that runs away is killed after this; the planner's own limit for one tool is far below. */
const RENDER_TIMEOUT = Duration.seconds(120);

interface IsolatedRendererProps {
  readonly defaults: FunctionDefaults;
  readonly fleet: string;
  /** Availability Zones; undefined: the first two of the Region. */
  readonly zones: readonly [string, string] | undefined;
}

export class IsolatedRenderer extends Construct {
  readonly function: PlumblineFunction;
  readonly vpc: CfnVPC;

  constructor(scope: Construct, id: string, options: IsolatedRendererProps) {
    super(scope, id);
    this.vpc = new CfnVPC(this, 'Vpc', { cidrBlock: '10.255.255.0/27' });
    this.function = new PlumblineFunction(this, 'Isolated', {
      defaults: options.defaults,
      name: 'render',
      description: 'Plumbline: files in, objects out; no rights, no network',
      variables: { fleet: options.fleet },
      memorySize: 2048,
      timeout: RENDER_TIMEOUT,
      // The layer's binaries are x86_64 only.
      architecture: Architecture.X86_64,
      layer: new KubectlV36Layer(this, 'Layer'),
      // Traces would need a way out.
      tracing: 'none',
      // It stands in the loop of planner and renderings, whose hops are counted there; it calls nobody itself.
      recursiveLoop: RecursiveLoop.ALLOW,
      network: this.#closedNetwork(options.zones),
    });
  }

  /** Without gateway, route or endpoint, and with a group that lets nothing in or out. */
  #closedNetwork(zones: IsolatedRendererProps['zones']): FunctionNetwork {
    const { attrVpcId: vpcId } = this.vpc;
    const subnets = ['10.255.255.0/28', '10.255.255.16/28'].map(
      (cidrBlock, index) =>
        new CfnSubnet(this, `Subnet${index}`, {
          vpcId,
          cidrBlock,
          availabilityZone: zones?.[index] ?? Fn.select(index, Fn.getAzs()),
        }),
    );
    const group = new CfnSecurityGroup(this, 'NoWayOut', {
      vpcId,
      groupDescription: 'Plumbline renderer: nothing in, nothing out',
      // A group without a rule for what goes out lets everything out; this one names an address that nobody has.
      securityGroupEgress: [{ cidrIp: '255.255.255.255/32', ipProtocol: 'icmp', fromPort: 252, toPort: 86 }],
    });
    return functionNetwork(this, 'Network', {
      vpcId,
      subnetIds: subnets.map(({ attrSubnetId }) => attrSubnetId),
      securityGroupIds: [group.attrGroupId],
    });
  }
}
