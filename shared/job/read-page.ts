/** One page of a fleet for people, from what the state, the blobs and the repository say; it changes nothing. */
import { PlumblineError, problemsOf } from '../errors.ts';
import { type Refresh, renderDocument } from '../report/pages/document.ts';
import { failedPage, notFoundPage } from '../report/pages/message-page.ts';
import type { Page, PageContext } from '../report/pages/page.ts';
import { parsePath, type Route } from '../report/pages/paths.ts';
import { renderWidget, type WidgetFrame } from '../report/pages/widget-document.ts';
import { groupProblems } from '../report/problems-text.ts';
import { problemsOfFleet } from '../report/status-text.ts';
import { readFleetReport } from './read-fleet-report.ts';
import { pageAt } from './read-page/page-at.ts';
import type { PageDeps } from './read-page/page-deps.ts';

export interface PageAnswer {
  /** Of HTTP. */
  readonly status: 200 | 404 | 500 | 503;
  readonly html: string;
}

const REFRESH_SECONDS = 5;

/** Returns the page at `path`; what is not there and what cannot be read have a page too, so it never throws. */
export async function readPage(deps: PageDeps, path: string, query: URLSearchParams): Promise<PageAnswer> {
  const { status, page, context, route } = await findPage(deps, path);
  return { status, html: renderDocument(page, context, status === 200 ? refreshOf(route, query) : undefined) };
}

/** Returns the page at the frame's path as a widget; never throws either. */
export async function readWidget(deps: PageDeps, frame: WidgetFrame): Promise<PageAnswer> {
  const { status, page, context } = await findPage(deps, frame.path);
  return { status, html: renderWidget(page, context, frame) };
}

interface FoundPage {
  readonly status: PageAnswer['status'];
  readonly page: Page;
  readonly context: PageContext;
  readonly route: Route | undefined;
}

async function findPage(deps: PageDeps, path: string): Promise<FoundPage> {
  const { name: fleet, branch } = deps.fleet;
  let context: PageContext = { fleet, branch, problems: 0 };
  const route = parsePath(path);
  try {
    const [nowMs, report] = await Promise.all([deps.state.nowMs(), readFleetReport(deps.state, deps.fleet)]);
    context = { ...context, nowMs, problems: groupProblems(problemsOfFleet(report)).length };
    const page = route && (await pageAt(deps, route, { report, nowMs }));
    return page === undefined
      ? { status: 404, page: notFoundPage(nameOf(route)), context, route }
      : { status: 200, page, context, route };
  } catch (error) {
    const isPlatform = error instanceof PlumblineError && error.fault === 'platform';
    const problems = problemsOf(error, { subject: `page ${path}`, act: 'show the page' });
    return { status: isPlatform ? 503 : 500, page: failedPage(problems), context, route };
  }
}

function nameOf(route: Route | undefined): string {
  if (route?.page === 'cluster') return `cluster ${route.cluster}`;
  if (route?.page === 'application') return `application ${route.application} in ${route.cluster}`;
  return 'such page';
}

/** Only the fleet's page is watched; a page that one reads must stay still. */
function refreshOf(route: Route | undefined, query: URLSearchParams): Refresh | undefined {
  if (route?.page !== 'fleet') return undefined;
  return { everySeconds: REFRESH_SECONDS, paused: query.get('refresh') === 'off' };
}
