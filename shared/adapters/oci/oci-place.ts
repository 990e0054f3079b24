import { parseEcrHost } from '../ecr/ecr-host.ts';
import { lateEcrCredentials } from '../ecr/late-credentials.ts';
import type { HttpCredentials } from '../http/http-client.ts';
import { parseOciAddress } from './oci-address.ts';
import type { OciPlace } from './oci-client.ts';

/** `spec.oci` of a Repository. */
export interface DeclaredOci {
  readonly url: string;
  readonly credentials?: string | undefined;
  readonly ca?: string | undefined;
}

/**
 * Returns how a declared registry is spoken to: with the secret that it names; ECR without one with the rights of whoever
 * runs this; others without credentials.
 *
 * @throws {ConfigInvalid}
 */
export function ociPlaceOf(
  { url, credentials: name, ca }: DeclaredOci,
  secretOf: (name: string) => HttpCredentials,
): OciPlace {
  const address = parseOciAddress(url, { ca });
  const ecr = parseEcrHost(address.origin.hostname);
  const own = ecr === undefined ? undefined : lateEcrCredentials(ecr, address.href);
  return { address, ca, credentials: name === undefined ? own : secretOf(name) };
}
