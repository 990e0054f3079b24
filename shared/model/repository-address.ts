/**
 * When two addresses mean one repository. Scheme, user, default port, `.git`, slashes at the end and case are set aside:
 * the host and the path name the repository, and taking two for one costs a needless look, while missing one costs
 * minutes. It does not know which https address belongs to an ssh address on another port: events carry both.
 */
import type { RepositoryDeclaration } from './declarations.ts';

const SCHEME = /^[a-z][a-z0-9+.-]*:\/\//i;
/** `git@host:path`, as ssh and Git write it. A path of Windows (`C:\`) is no address of a forge. */
const SCP_FORM = /^(?:[^@/\s]+@)?([^:/\s]{2,}):(?!\/\/)\/?(.+)$/;
/** `codecommit::eu-west-1://fleet`, with or without a profile: the form of git-remote-codecommit. */
const CODECOMMIT_FORM = /^codecommit::([a-z0-9-]+):\/\/(?:[^@/]+@)?(.+)$/i;
const CODECOMMIT_HOST = /^git-codecommit(?:-fips)?\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?$/;
const DEFAULT_PORTS: ReadonlySet<string> = new Set(['22', '80', '443', '9418']);

/** Returns the address of a CodeCommit repository in the form of git-remote-codecommit. */
export function codecommitAddress({ name, region }: { readonly name: string; readonly region: string }): string {
  return `codecommit::${region}://${name}`;
}

/** Returns where a declared repository is; undefined for a folder of this machine, which no event speaks of. */
export function addressOf(spec: RepositoryDeclaration['spec']): string | undefined {
  if (spec.codecommit !== undefined) return codecommitAddress(spec.codecommit);
  return spec.git?.url;
}

/** Returns a text that is equal for all addresses of one repository. Never throws. */
export function repositoryKey(address: string): string {
  const codecommit = CODECOMMIT_FORM.exec(address.trim());
  if (codecommit !== null) return codecommitKey(codecommit[1] ?? '', codecommit[2] ?? '');
  const { host, port, path } = partsOf(address.trim());
  const region = CODECOMMIT_HOST.exec(host)?.[1];
  if (region !== undefined) return codecommitKey(region, path.replace(/^v1\/repos\//, ''));
  return azureKey(host, path) ?? `${host}${port === '' ? '' : `:${port}`}/${path}`;
}

function partsOf(address: string): { readonly host: string; readonly port: string; readonly path: string } {
  const scp = SCHEME.test(address) ? null : SCP_FORM.exec(address);
  const rest = scp === null ? address.replace(SCHEME, '') : `${scp[1]}/${scp[2]}`;
  const slash = rest.indexOf('/');
  const authority = slash < 0 ? rest : rest.slice(0, slash);
  const [, host = '', port = ''] = /^(?:.*@)?(.*?)(?::([0-9]*))?$/.exec(authority.toLowerCase()) ?? [];
  return { host, port: DEFAULT_PORTS.has(port) ? '' : port, path: plainPath(slash < 0 ? '' : rest.slice(slash + 1)) };
}

function plainPath(path: string): string {
  const withoutQuery = path.replace(/[?#].*$/, '');
  return decoded(withoutQuery)
    .toLowerCase()
    .split('/')
    .filter((segment) => segment !== '')
    .join('/')
    .replace(/\.git$/, '');
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

function codecommitKey(region: string, name: string): string {
  return `codecommit/${region.toLowerCase()}/${plainPath(name)}`;
}

/**
 * Azure DevOps gives one repository four addresses: `dev.azure.com/org/project/_git/name`, without the project where it
 * has the repository's name, `org.visualstudio.com/...`, and `ssh.dev.azure.com:v3/org/project/name`.
 */
function azureKey(host: string, path: string): string | undefined {
  const segments = path.split('/').filter((segment) => !['_git', 'defaultcollection'].includes(segment));
  const former = /^(?:(.+)\.visualstudio\.com)$/.exec(host)?.[1];
  if (former !== undefined && !former.startsWith('vs-ssh')) segments.unshift(former);
  else if (host === 'ssh.dev.azure.com' || host === 'vs-ssh.visualstudio.com') segments.shift();
  else if (host !== 'dev.azure.com') return undefined;
  const [organization = '', project = '', name = project] = segments;
  return `dev.azure.com/${organization}/${project}/${name}`;
}
