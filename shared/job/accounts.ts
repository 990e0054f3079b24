import type { DesiredApplication } from '../model/desired-state.ts';
import type { ServiceAccountName } from '../model/service-account.ts';
import type { Parent } from '../plan/apply-set.ts';

/**
 * Returns whom each application acts as: what its declaration says, or, where that is gone, what it said when it was
 * last brought in. Applications that act with our own rights are not in it.
 */
export function accountsOf(
  applications: readonly Pick<DesiredApplication, 'name' | 'serviceAccount'>[],
  parents: readonly Pick<Parent, 'application' | 'settings'>[],
): ReadonlyMap<string, ServiceAccountName> {
  const accounts = new Map<string, ServiceAccountName | undefined>();
  for (const { application, settings } of parents) accounts.set(application, settings.serviceAccount);
  for (const { name, serviceAccount } of applications) accounts.set(name, serviceAccount);
  return new Map([...accounts].flatMap(([name, account]) => (account === undefined ? [] : [[name, account] as const])));
}
