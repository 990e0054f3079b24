/** What people read of a change that may not be made. */
import type { Change } from '../../model/change.ts';
import { formatRef } from '../../model/object-ref.ts';
import type { Problem } from '../../model/problem.ts';
import type { ServiceAccountName } from '../../model/service-account.ts';
import { problemOfRefusal } from '../../plan/refusal.ts';
import type { ApiRefusal } from '../ports.ts';
import type { NamedAccess } from './find-forbidden.ts';

export interface Forbidden {
  readonly problem: Problem;
  /** Whose rights do not suffice: our own, or those of the account that the application acts as. */
  readonly whose: 'own' | 'account';
  /** What may not be done: `patch and create configmaps in namespace web`. */
  readonly act: string;
}

export interface Actor {
  /** Undefined: we ourselves. */
  readonly account: ServiceAccountName | undefined;
  /** There is no such account. */
  readonly isMissing: boolean;
}

/** `lacking`: rights on one object, at least one. */
export function lackOf(change: Change, lacking: readonly NamedAccess[], { account, isMissing }: Actor): Forbidden {
  const { group = '', resource = '', namespace = '' } = lacking[0] ?? {};
  const verbs = lacking.map(({ verb }) => verb);
  const what = group === '' ? resource : `${resource}.${group}`;
  const where = namespace === '' ? 'in this cluster' : `in namespace ${namespace}`;
  const who =
    account === undefined ? 'Plumbline' : `ServiceAccount ${account}, which application ${change.application} acts as,`;
  const act = `${verbs.join(' and ')} ${what} ${where}`;
  const quoted = verbs.map((verb) => `\`${verb}\``).join(' and ');
  // What is to go is declared no longer, and not in what is printed.
  const printed =
    change.op === 'prune' ? '' : `; \`plumbline rbac --application ${change.application}\` prints the rule`;
  const rule = `allow ${quoted} on ${what} ${where}${printed}`;
  const first = 'declare the account and its RoleBindings in an application that comes before (dependsOn)';
  const problem: Problem = {
    code: 'Forbidden',
    subject: formatRef(change.ref),
    act: change.op === 'prune' ? 'prune' : 'apply',
    wrong: `${who} may not ${act}${isMissing ? ', and does not exist' : ''}`,
    remedy: isMissing ? `${first}; ${rule}` : rule,
  };
  return { problem, act, whose: account === undefined ? 'own' : 'account' };
}

/** Our own credentials may not take the account's place. */
export function notActing(change: Change, account: ServiceAccountName, refusal: ApiRefusal): Forbidden {
  const act = `act as ServiceAccount ${account}`;
  return { problem: problemOfRefusal(change.ref, act, refusal), act, whose: 'own' };
}
