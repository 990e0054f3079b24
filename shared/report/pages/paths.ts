/** Where each page is. Names come from repositories: every segment is encoded, so a path never leaves this server. */
import type { ErrorCode } from '../../model/problem.ts';

export const FLEET_PATH = '/';
export const DRIFT_PATH = '/drift';
export const RUNS_PATH = '/runs';
export const PROBLEMS_PATH = '/problems';

export function clusterPath(cluster: string): string {
  return `/clusters/${encodeSegment(cluster)}`;
}

export function applicationPath(cluster: string, application: string): string {
  return `${clusterPath(cluster)}/applications/${encodeSegment(application)}`;
}

/** The runbook's article of an error code. */
export function articlePath(code: ErrorCode): string {
  return `/runbook/${code.toLowerCase()}`;
}

/** What a path asks for. */
export type Route =
  | { readonly page: 'fleet' | 'drift' | 'runs' | 'problems' }
  | { readonly page: 'cluster'; readonly cluster: string }
  | { readonly page: 'application'; readonly cluster: string; readonly application: string }
  | { readonly page: 'article'; readonly code: string };

/** Returns what `path` asks for; undefined: there is no such page. A slash at the end does not matter. */
export function parsePath(path: string): Route | undefined {
  const plain = path.replace(/(?<=[^/])\/$/, '');
  const fixed = FIXED_ROUTES.get(plain);
  if (fixed !== undefined) return fixed;
  const [, cluster, , application] = decode(/^\/clusters\/([^/]+)(\/applications\/([^/]+))?$/.exec(plain));
  if (cluster !== undefined) {
    return application === undefined ? { page: 'cluster', cluster } : { page: 'application', cluster, application };
  }
  const [, code] = decode(/^\/runbook\/([^/]+)$/.exec(plain));
  return code === undefined ? undefined : { page: 'article', code };
}

const FIXED_ROUTES: ReadonlyMap<string, Route> = new Map([
  [FLEET_PATH, { page: 'fleet' }],
  [DRIFT_PATH, { page: 'drift' }],
  [RUNS_PATH, { page: 'runs' }],
  [PROBLEMS_PATH, { page: 'problems' }],
]);

/** A lone surrogate cannot be encoded, and is no name either. */
function encodeSegment(segment: string): string {
  return encodeURIComponent(segment.toWellFormed());
}

/** What does not decode names nothing. */
function decode(match: RegExpExecArray | null): readonly (string | undefined)[] {
  try {
    return (match ?? []).map((part) => part && decodeURIComponent(part));
  } catch {
    return [];
  }
}
