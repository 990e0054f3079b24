/** One page of a fleet for people, from what the state, the blobs and the repository say; it changes nothing. */
import { PlumblineError, problemsOf } from '../errors.ts';
import { type Refresh, renderDocument } from '../report/pages/document.ts';
import { fleetPage } from '../report/pages/fleet-page.ts';
import { failedPage, notFoundPage } from '../report/pages/message-page.ts';
import type { Page, PageContext } from '../report/pages/page.ts';
import { parsePath, type Route } from '../report/pages/paths.ts';
import { groupProblems } from '../report/problems-text.ts';
import { type FleetReport, problemsOfFleet } from '../report/status-text.ts';
import type { BlobStore, Source, StateStore } from './ports.ts';
import { readFleetReport } from './read-fleet-report.ts';
import { readCommits } from './read-page/read-commits.ts';

export interface PageDeps {
  readonly state: StateStore;
  readonly blobs: BlobStore;
  /** The fleet repository. */
  readonly source: Source;
  readonly fleet: { readonly name: string; readonly branch: string };
}

export interface PageAnswer {
  /** Of HTTP. */
  readonly status: 200 | 404 | 500 | 503;
  readonly html: string;
}

const REFRESH_SECONDS = 5;
const COMMITS_SHOWN = 20;
/** Enough that each of the last commits has its run in each cluster of a fleet of hundred, drift and retries among them. */
const RUNS_READ = 2500;

/** Returns the page at `path`; what is not there and what cannot be read have a page too, so it never throws. */
export async function readPage(deps: PageDeps, path: string, query: URLSearchParams): Promise<PageAnswer> {
  const { name: fleet, branch } = deps.fleet;
  let context: PageContext = { fleet, branch, nowMs: 0, problems: 0 };
  try {
    const nowMs = await deps.state.nowMs();
    const report = await readFleetReport(deps.state, deps.fleet);
    context = { ...context, nowMs, problems: groupProblems(problemsOfFleet(report)).length };
    const route = parsePath(path);
    const page = route && (await pageAt(deps, route, { report, nowMs }));
    if (page === undefined) return { status: 404, html: renderDocument(notFoundPage('such page'), context) };
    return { status: 200, html: renderDocument(page, context, refreshOf(route, query)) };
  } catch (error) {
    const isPlatform = error instanceof PlumblineError && error.fault === 'platform';
    const problems = problemsOf(error, { subject: `page ${path}`, act: 'show the page' });
    return { status: isPlatform ? 503 : 500, html: renderDocument(failedPage(problems), context) };
  }
}

interface Known {
  readonly report: FleetReport;
  readonly nowMs: number;
}

/** Undefined: there is no such page. */
async function pageAt(deps: PageDeps, route: Route, { report, nowMs }: Known): Promise<Page | undefined> {
  const fleet = deps.fleet.name;
  switch (route.page) {
    case 'fleet': {
      const [runs, commits] = await Promise.all([
        deps.state.listRuns(fleet, { limit: RUNS_READ }),
        readCommits(deps.source, report.fleet, COMMITS_SHOWN),
      ]);
      return fleetPage({ report, runs, commits, nowMs });
    }
    default:
      return undefined;
  }
}

/** Only the fleet's page is watched; a page that one reads must stay still. */
function refreshOf(route: Route | undefined, query: URLSearchParams): Refresh | undefined {
  if (route?.page !== 'fleet') return undefined;
  return { everySeconds: REFRESH_SECONDS, paused: query.get('refresh') === 'off' };
}
