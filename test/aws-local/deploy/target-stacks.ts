/**
 * The stacks of other accounts and Regions, brought to life as far as the installation meets them: their roles, their
 * entries into clusters, and their event buses with the rules that hand events on.
 */
import { type BusEvent, EventBus, type Rule } from '../events/event-bus.ts';
import { decideAccess } from '../iam/decide.ts';
import { identityOf } from '../template/identify.ts';
import type { Place, RawResource } from '../template/load-template.ts';
import { readStack, type Stack } from '../template/read-stack.ts';
import { TemplateFault } from '../template/template-fault.ts';
import type { Roles } from './roles.ts';
import type { ServiceRights } from './service-rights.ts';
import type { Assembly } from './synthesize.ts';

const NO_QUEUES = '';

/** Returns the target stacks of the assembly. @throws {TemplateFault} */
export function readTargetStacks({ targets }: Assembly): Promise<readonly Stack[]> {
  return Promise.all(
    targets.map(({ template, ...place }) => readStack(template, place, async (resource) => nameOf(resource, place))),
  );
}

function nameOf(resource: RawResource, place: Place) {
  const identity = identityOf(resource, place, NO_QUEUES);
  if (identity === undefined) throw new TemplateFault(resource.logicalId, `${resource.type} in a target is not known`);
  return identity;
}

export interface ClusterEntry {
  readonly account: string;
  readonly region: string;
  readonly clusterName: string;
  readonly principalArn: string;
  readonly groups: readonly string[];
}

const ADMIN_POLICY = 'arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy';

/** Returns whom the target stacks let into which clusters; `adminGroup` may do everything there. */
export function entriesOf(stacks: readonly Stack[], adminGroup: string): readonly ClusterEntry[] {
  return stacks.flatMap((stack) =>
    stack.all('AWS::EKS::AccessEntry').map(({ logicalId, properties }) => {
      const { ClusterName, PrincipalArn, KubernetesGroups, AccessPolicies } = properties;
      const unknown = AccessPolicies.find(({ PolicyArn }) => PolicyArn !== ADMIN_POLICY);
      if (unknown !== undefined) throw new TemplateFault(logicalId, `${unknown.PolicyArn} is not known here`);
      return {
        account: stack.place.account,
        region: stack.place.region,
        clusterName: ClusterName,
        principalArn: PrincipalArn,
        groups: [...KubernetesGroups, ...(AccessPolicies.length > 0 ? [adminGroup] : [])],
      };
    }),
  );
}

export interface HomeBus {
  readonly arn: string;
  readonly bus: EventBus;
  readonly roles: Roles;
  readonly rights: ServiceRights;
  readonly violations: string[];
}

/** Returns the event bus of a target stack's account and Region: its rules hand on to the home bus, if all let them. */
export function openTargetBus({ place, all }: Stack, home: HomeBus): EventBus {
  return new EventBus(all('AWS::Events::Rule'), {
    ...place,
    deliver: async (rule, target, input) => {
      if (target.Arn !== home.arn) throw new TemplateFault(rule.logicalId, `there is no target ${target.Arn}`);
      const event: BusEvent = JSON.parse(input);
      putAcross(rule, { roleArn: target.RoleArn, event, home });
      await home.bus.put(event);
    },
    onUndelivered: async (rule, _target, _input, error) => {
      home.violations.push(`${rule.logicalId}: ${error instanceof Error ? error.message : String(error)}`);
    },
  });
}

interface Forwarded {
  readonly roleArn: string | undefined;
  readonly event: BusEvent;
  readonly home: HomeBus;
}

/** From one bus to another an event goes with a role of the rule. Source: EventBridge User Guide, "Sending events between event buses". */
function putAcross({ logicalId }: Rule, { roleArn, event, home }: Forwarded): void {
  if (roleArn === undefined) throw new TemplateFault(logicalId, 'a target in another account or Region needs a role');
  const principal = home.roles.actFor('events.amazonaws.com', roleArn);
  const context = new Map([
    ['events:source', [event.source]],
    ['events:detail-type', [event['detail-type']]],
  ]);
  const request = { action: 'events:PutEvents', resource: home.arn, context };
  const decision = decideAccess(principal, request, home.rights.accessOf(home.arn));
  if (!decision.allowed) throw new TemplateFault(logicalId, decision.why);
}
