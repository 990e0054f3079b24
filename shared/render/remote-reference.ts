/**
 * Which references kustomize takes for a Git repository elsewhere, and how it parts them into repository and folder: the
 * test of what is local, too. Source: kustomize api/internal/git/repospec.go, api v0.21.1 (in kubectl v1.36).
 */
export interface RemoteReference {
  /** As `git clone` takes it. */
  readonly url: string;
  /** Folder in the repository; '' is its root. */
  readonly path: string;
  /** As it stands there; undefined: the default branch. */
  readonly ref: string | undefined;
}

/** `git::` is a left-over that kustomize strips. */
const SCHEME = /^(?:ssh|https?|file):\/\//i;
const USER = /^[a-z][a-z0-9-]*@/i;
const GITHUB = /^github\.com[/:]/i;
const CODECOMMIT = /\bgit-codecommit\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?\/v1\/repos\/([^/?]+)/i;
const COMMIT_ID = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;

/** Returns the parts of a reference that leads to a Git repository; undefined: kustomize takes it for a path. */
export function readRemoteReference(reference: string): RemoteReference | undefined {
  if (reference.startsWith('/')) return undefined;
  const [address = '', query = ''] = partAt(reference, '?');
  const host = hostOf(address.replace(/^git::/i, ''));
  const parts = host === undefined ? undefined : partsOf(host.rest, /^file:/i.test(host.prefix));
  if (host === undefined || parts === undefined || parts.repository === '') return undefined;
  const path = parts.path.replace(/^\//, '');
  if (leavesRoot(path)) return undefined;
  const parameters = new URLSearchParams(query);
  const ref = parameters.get('ref') || parameters.get('version') || undefined;
  return { url: host.prefix + parts.repository, path: plainFolder(path), ref };
}

/** Tells whether `ref` names one commit for good. */
export function isPinned(ref: string | undefined): ref is string {
  return ref !== undefined && COMMIT_ID.test(ref);
}

/** Returns the declaration that lets the fleet read the repository at `url`, as people would add it. */
export function declarationFor(url: string): string {
  const [, region, repository] = CODECOMMIT.exec(url) ?? [];
  const spec =
    region === undefined || repository === undefined
      ? `git: {url: ${JSON.stringify(httpsAddress(url))}}`
      : `codecommit: {name: ${JSON.stringify(repository)}, region: ${region}}`;
  const label = url
    .replace(/\.git$/, '')
    .replace(/^.*[/:]/, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');
  return `{apiVersion: plumbline.dev/v1, kind: Repository, metadata: {name: ${label || 'base'}}, spec: {${spec}}}`;
}

/** Repositories are read over https alone, whatever a kustomization writes. */
function httpsAddress(url: string): string {
  if (/^https?:/i.test(url)) return url.replace(/^(https?:\/\/)[^/@]*@/i, '$1');
  return `https://${url.replace(SCHEME, '').replace(USER, '').replace(':', '/')}`;
}

interface Host {
  readonly prefix: string;
  readonly rest: string;
}

function hostOf(address: string): Host | undefined {
  const scheme = SCHEME.exec(address)?.[0].toLowerCase() ?? '';
  const withoutScheme = address.slice(scheme.length);
  if (scheme === 'file://') return { prefix: scheme, rest: withoutScheme };
  const user = USER.exec(withoutScheme)?.[0] ?? '';
  const place = withoutScheme.slice(user.length);
  const isGithub = GITHUB.test(place);
  const isScp = scheme === '' && (user !== '' || isGithub);
  if (scheme === '' && !isScp) return undefined;
  const end = separatorIn(place, isScp);
  if (end === 0) return undefined;
  const [host, rest] = end < 0 ? [place, ''] : [place.slice(0, end + 1), place.slice(end + 1)];
  if (host === '') return undefined;
  if (!isGithub) return { prefix: scheme + user + host, rest };
  return { prefix: scheme === 'ssh://' || user !== '' ? `${user}github.com:` : 'https://github.com/', rest };
}

function separatorIn(place: string, isScp: boolean): number {
  const slash = place.indexOf('/');
  const colon = place.indexOf(':');
  return isScp && colon > 0 && (slash < 0 || colon < slash) ? colon : slash;
}

/** The first of `_git/`, `//` and `.git` that is there marks where the repository ends; else it has two segments. */
function partsOf(rest: string, isFile: boolean): { readonly repository: string; readonly path: string } | undefined {
  const azure = /^(.*?_git\/[^/]*)\/?(.*)$/s.exec(rest);
  const marked = azure ?? /^(.*?)\/\/(.*)$/s.exec(rest) ?? /^(.*?\.git)(.*)$/s.exec(rest);
  if (marked !== null) return { repository: marked[1] ?? '', path: marked[2] ?? '' };
  if (isFile) return { repository: rest, path: '' };
  const segments = rest.split('/');
  if (segments.length < 2) return undefined;
  return { repository: segments.slice(0, 2).join('/'), path: segments.slice(2).join('/') };
}

function leavesRoot(path: string): boolean {
  let depth = 0;
  for (const step of path.split('/')) {
    if (step === '..') depth--;
    else if (step !== '' && step !== '.') depth++;
    if (depth < 0) return true;
  }
  return false;
}

function plainFolder(path: string): string {
  const steps: string[] = [];
  for (const step of path.split('/')) {
    if (step === '..') steps.pop();
    else if (step !== '' && step !== '.') steps.push(step);
  }
  return steps.join('/');
}

function partAt(text: string, separator: string): readonly [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + separator.length)];
}
