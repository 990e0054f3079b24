import type { Commit, Revision } from '../../model/revision.ts';
import { applicationPage } from '../../report/pages/application-page.ts';
import { articlePage } from '../../report/pages/article-page.ts';
import { clusterPage } from '../../report/pages/cluster-page.ts';
import { driftPage } from '../../report/pages/drift-page.ts';
import { fleetPage } from '../../report/pages/fleet-page.ts';
import type { Page } from '../../report/pages/page.ts';
import type { Route } from '../../report/pages/paths.ts';
import { problemsPage } from '../../report/pages/problems-page.ts';
import { runsPage } from '../../report/pages/runs-page.ts';
import { groupProblems } from '../../report/problems-text.ts';
import { clusterRows, type FleetReport, problemsOfFleet } from '../../report/status-text.ts';
import type { Known, PageDeps } from './page-deps.ts';
import { readApplicationView } from './read-application.ts';
import { readCommits } from './read-commits.ts';

const COMMITS_SHOWN = 20;
/** To find the subject of a run's revision. */
const COMMITS_KNOWN = 50;
const RUNS_SHOWN = 100;
/** Of one cluster. */
const CLUSTER_RUNS_SHOWN = 20;
/** Each of the commits that are shown has about one run in each cluster; drift and retries come on top. */
const RUNS_A_CLUSTER = COMMITS_SHOWN + 5;
const LEAST_RUNS = 200;
const DRIFT_RUNS = 1000;

/** Returns the page of a route; undefined: there is no such cluster, application or article. */
export async function pageAt(deps: PageDeps, route: Route, known: Known): Promise<Page | undefined> {
  const { report, nowMs } = known;
  const { state, fleet } = deps;
  switch (route.page) {
    case 'fleet': {
      const limit = Math.max(LEAST_RUNS, RUNS_A_CLUSTER * report.clusters.length);
      const [runs, commits] = await Promise.all([
        state.listRuns(fleet.name, { limit }),
        readCommits(deps, report.fleet, COMMITS_SHOWN),
      ]);
      return fleetPage({ report, runs, commits, nowMs, mostCells: deps.bounds?.cells });
    }
    case 'cluster':
      return clusterAt(deps, route.cluster, known);
    case 'application': {
      const view = await readApplicationView(deps, route, known);
      return view && applicationPage(view);
    }
    case 'drift': {
      const runs = await state.listRuns(fleet.name, { limit: DRIFT_RUNS });
      const drifts = runs.flatMap(({ drift }) => drift);
      return driftPage(drifts, nowMs, deps.bounds?.items);
    }
    case 'runs': {
      const runs = await state.listRuns(fleet.name, { limit: RUNS_SHOWN });
      return runsPage(runs, { commits: await commitsByRevision(deps, report), nowMs });
    }
    case 'problems':
      return problemsPage(groupProblems(problemsOfFleet(report)), deps.bounds?.items);
    case 'article':
      return articlePage(await deps.readRunbook(), route.code);
  }
}

async function clusterAt(deps: PageDeps, cluster: string, { report, nowMs }: Known): Promise<Page | undefined> {
  const clusters = report.clusters.filter((item) => item.cluster === cluster);
  const applications = report.applications.filter((status) => status.cluster === cluster);
  const [row] = clusterRows({ ...report, clusters, applications });
  if (row === undefined) return undefined;
  const runs = await deps.state.listRuns(deps.fleet.name, { cluster, limit: CLUSTER_RUNS_SHOWN });
  return clusterPage({ row, runs, commits: await commitsByRevision(deps, report), nowMs, buttonFor: deps.buttonFor });
}

async function commitsByRevision(deps: PageDeps, { fleet }: FleetReport): Promise<ReadonlyMap<Revision, Commit>> {
  const commits = await readCommits(deps, fleet, COMMITS_KNOWN);
  return new Map(commits.map((commit) => [commit.revision, commit]));
}
