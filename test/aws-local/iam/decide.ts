/**
 * Whether a request is allowed: an explicit Deny wins, then an Allow is needed. Whose Allow depends on the service:
 * within one account an identity's or a resource's is enough, a KMS key and a role must allow it themselves (or leave it
 * to the account). Source: IAM User Guide, "Policy evaluation logic"; KMS Developer Guide, "Key policies".
 */
import { conditionHolds, type RequestContext } from './conditions.ts';
import { matchesWildcard } from './match-wildcard.ts';
import type { PolicyDocument, Statement } from './policy-document.ts';

export interface Principal {
  /** ARN of the role, or `service:events.amazonaws.com`. */
  readonly arn: string;
  readonly account: string;
  readonly policies: PolicyDocument;
}

export interface AccessRequest {
  readonly action: string;
  readonly resource: string;
  readonly context: RequestContext;
}

export interface ResourceAccess {
  readonly policy: PolicyDocument | undefined;
  /** `required`: it has to allow, or leave it to its account. `enough`: it may allow by itself. */
  readonly voice: 'required' | 'enough';
  readonly account: string;
}

export type Decision = { readonly allowed: true } | { readonly allowed: false; readonly why: string };

export function decideAccess(principal: Principal, request: AccessRequest, access?: ResourceAccess): Decision {
  const own = principal.policies.filter((statement) => applies(statement, request));
  const theirs = (access?.policy ?? []).flatMap((statement) => {
    const named = namesPrincipal(statement, principal);
    return named !== 'no' && applies(statement, request) ? [{ statement, named }] : [];
  });
  const denied = [...own, ...theirs.map(({ statement }) => statement)].some(({ effect }) => effect === 'Deny');
  if (denied) return refuse(principal, request, 'a statement denies it');
  const ownAllows = own.some(({ effect }) => effect === 'Allow');
  const theyAllow = theirs.some(({ named }) => named === 'itself');
  const theyLeaveIt = theirs.some(({ named }) => named === 'its-account');
  if (access === undefined) return ownAllows ? ALLOWED : refuse(principal, request, 'no statement allows it');
  const sameAccount = access.account === principal.account;
  if (access.voice === 'enough' && sameAccount && (ownAllows || theyAllow)) return ALLOWED;
  if (access.voice === 'required' && sameAccount && theyAllow) return ALLOWED;
  if (ownAllows && (theyAllow || theyLeaveIt)) return ALLOWED;
  const silent = ownAllows ? 'the policy of the resource does not allow it' : 'no statement allows it';
  return refuse(principal, request, silent);
}

const ALLOWED: Decision = { allowed: true };

function refuse({ arn }: Principal, { action, resource }: AccessRequest, why: string): Decision {
  return {
    allowed: false,
    why: `User: ${arn} is not authorized to perform: ${action} on resource: ${resource} because ${why}`,
  };
}

function applies(statement: Statement, { action, resource, context }: AccessRequest): boolean {
  const { actions, notActions, resources, notResources, conditions } = statement;
  const lower = action.toLowerCase();
  const isAction = (patterns: readonly string[]) => patterns.some((one) => matchesWildcard(lower, one.toLowerCase()));
  const isResource = (patterns: readonly string[]) => patterns.some((one) => matchesWildcard(resource, one));
  if (actions !== undefined && !isAction(actions)) return false;
  if (notActions !== undefined && isAction(notActions)) return false;
  if (resources !== undefined && !isResource(resources)) return false;
  if (notResources !== undefined && isResource(notResources)) return false;
  return conditions.every((condition) => conditionHolds(condition, context, `statement ${statement.sid ?? action}`));
}

function namesPrincipal({ principal }: Statement, { arn, account }: Principal): 'itself' | 'its-account' | 'no' {
  if (principal === undefined) return 'no';
  const names = [...principal.AWS, ...principal.Service.map((service) => `service:${service}`)];
  if (names.some((name) => name === '*' || name === arn)) return 'itself';
  return names.some((name) => name === account || name === `arn:aws:iam::${account}:root`) ? 'its-account' : 'no';
}
