/**
 * Gateway API and the policies that attach to it (gateway-api.sigs.k8s.io, "Policy status"): each gateway that an object
 * is about gives its own conditions, and the worst of them counts.
 */
import type { KindRule, Step } from '../kind-rule.ts';
import type { KindRules } from '../rule-for.ts';

const REFUSED = { Pending: 'progressing', '*': 'degraded' } as const;
const MISSING_YET = { Invalid: 'degraded', '*': 'progressing' } as const;

function stepsAt(at: string): readonly Step[] {
  return [
    { at, condition: 'Conflicted', is: { True: 'degraded' } },
    { at, condition: 'Accepted', is: { False: REFUSED } },
    { at, condition: 'ResolvedRefs', is: { False: REFUSED } },
    { at, condition: 'Programmed', is: { False: MISSING_YET, Unknown: 'progressing' } },
    { at, condition: 'Accepted', is: { Unknown: 'progressing' } },
  ];
}

const gateway: KindRule = {
  steps: [
    ...stepsAt('status.conditions'),
    ...stepsAt('status.listeners.*.conditions'),
    { condition: 'Programmed', is: { True: 'healthy' } },
    { condition: 'Accepted', is: { True: 'healthy' } },
  ],
};
const attached = (list: string): KindRule => ({
  steps: [
    ...stepsAt(`status.${list}.*.conditions`),
    // No word against it of those that speak of it.
    { field: `status.${list}`, absent: 'progressing' },
  ],
  otherwise: 'healthy',
});

export const GATEWAY_API: KindRules = {
  'Gateway.gateway.networking.k8s.io': gateway,
  'GatewayClass.gateway.networking.k8s.io': gateway,
  'HTTPRoute.gateway.networking.k8s.io': attached('parents'),
  'GRPCRoute.gateway.networking.k8s.io': attached('parents'),
  'TCPRoute.gateway.networking.k8s.io': attached('parents'),
  'TLSRoute.gateway.networking.k8s.io': attached('parents'),
  'UDPRoute.gateway.networking.k8s.io': attached('parents'),
  'BackendTLSPolicy.gateway.networking.k8s.io': attached('ancestors'),
  '*.microgateway.airlock.com': attached('ancestors'),
};
