/**
 * ServiceAccounts that applications are applied as, written `namespace/name`. Their user name is fixed by Kubernetes
 * (kubernetes.io, "Authenticating", "Service account tokens"); who acts under it alone gets the account's groups too.
 */

/** `namespace/name`. */
export type ServiceAccountName = string;

/** Returns the account as an application names it: `name` stands in `namespace`, that of the application. */
export function serviceAccountName(text: string, namespace: string): ServiceAccountName {
  return text.includes('/') ? text : `${namespace}/${text}`;
}

/** Returns namespace and name; without a slash, the name is '', which no API server knows. */
export function splitServiceAccount(account: ServiceAccountName): {
  readonly namespace: string;
  readonly name: string;
} {
  const [namespace = '', name = ''] = account.split('/');
  return { namespace, name };
}

export function serviceAccountUser(account: ServiceAccountName): string {
  const { namespace, name } = splitServiceAccount(account);
  return `system:serviceaccount:${namespace}:${name}`;
}
