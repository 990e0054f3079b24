/** Addresses of OCI repositories: `oci://host/path`, as helm and Flux write them. */
import { PlumblineError } from '../../errors.ts';
import { isLoopback, wrongWith } from '../http/spoken-address.ts';

export interface OciAddress {
  /** As it was declared, without a slash at its end: what errors name. */
  readonly href: string;
  /** Of the registry's API. */
  readonly origin: URL;
  /** Below the registry; '' for the whole of it. */
  readonly path: string;
}

/** OCI distribution spec 1.1, "Pulling manifests". */
const PATH = /^[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(\/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*$/;
/** Docker Hub's registry answers under another name than its images have. */
const DOCKER_HUB = new Set(['docker.io', 'index.docker.io']);

/**
 * Returns an address in its parts. A registry on this machine is spoken to without TLS unless it has an authority.
 *
 * @throws {ConfigInvalid}
 */
export function parseOciAddress(text: string, { ca }: { readonly ca?: string | undefined } = {}): OciAddress {
  const url = /^oci:\/\//.test(text) && URL.canParse(text) ? new URL(text.replace(/^oci:/, 'https:')) : undefined;
  if (url === undefined)
    throw invalid(text, 'it is no address of an OCI repository', 'give one such as oci://host/path');
  if (url.username !== '' || url.password !== '') {
    const remedy = 'put them into a secret and name that as spec.oci.credentials';
    throw invalid(`oci://${url.host}`, 'it holds credentials', remedy);
  }
  const path = url.pathname.replace(/^\/+|\/+$/g, '');
  if (url.search !== '' || url.hash !== '' || (path !== '' && !PATH.test(path))) {
    const remedy = 'end it with the path, in lower case; tag and digest belong to "revision"';
    throw invalid(text, `it has the path ${JSON.stringify(path)}${url.search}${url.hash}`, remedy);
  }
  const host = DOCKER_HUB.has(url.host) ? 'registry-1.docker.io' : url.host;
  const origin = new URL(`${isLoopback(url) && ca === undefined ? 'http' : 'https'}://${host}`);
  const wrong = wrongWith(origin);
  if (wrong !== undefined) throw invalid(text, wrong, 'give the address of a registry');
  return { href: `oci://${url.host}${path === '' ? '' : `/${path}`}`, origin, path };
}

/** Returns the address of a repository below another. @throws {ConfigInvalid} when the name cannot be one. */
export function below(address: OciAddress, name: string): OciAddress {
  const path = address.path === '' ? name : `${address.path}/${name}`;
  const href = `${address.href}/${name}`;
  if (!PATH.test(path)) throw invalid(href, `${JSON.stringify(name)} is no name of a repository`, 'correct the name');
  return { ...address, href, path };
}

function invalid(subject: string, wrong: string, remedy: string): PlumblineError {
  return new PlumblineError([{ code: 'ConfigInvalid', subject, act: 'open the repository', wrong, remedy }]);
}
