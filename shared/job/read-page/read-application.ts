import type { Commit } from '../../model/revision.ts';
import type { ObjectStatus, RunSummary } from '../../model/status.ts';
import type { ApplicationView, TouchingRun } from '../../report/pages/application-page.ts';
import { readJsonBlob } from '../blob-json.ts';
import type { BlobReader } from '../ports.ts';
import type { Known, PageDeps } from './page-deps.ts';
import { readCommits } from './read-commits.ts';

/** Each has a blob with all objects of the cluster: more would make the page slow. */
const REPORTS_READ = 10;
const RUNS_READ = 200;
const COMMITS_KNOWN = 50;

/** Returns what is shown of an application in a cluster; undefined: there is none. */
export async function readApplicationView(
  deps: PageDeps,
  { cluster, application }: { readonly cluster: string; readonly application: string },
  { report, nowMs }: Known,
): Promise<ApplicationView | undefined> {
  const { state, blobs, fleet, buttonFor } = deps;
  const isIt = (one: { readonly cluster: string; readonly application: string }) =>
    one.cluster === cluster && one.application === application;
  const status = report.applications.find(isIt);
  if (status === undefined) return undefined;
  const item = report.clusters.find((one) => one.cluster === cluster);
  const [objects, runs, commits] = await Promise.all([
    readObjects(blobs, item?.status?.objects),
    state.listRuns(fleet.name, { cluster, limit: RUNS_READ }),
    readCommits(deps, report.fleet, COMMITS_KNOWN),
  ]);
  const commit: Commit | undefined = commits.find(({ revision }) => revision === status.revision);
  return {
    status,
    ...(commit && { commit }),
    ...(objects && { objects: objectsOf(objects, application) }),
    drift: runs.flatMap(({ drift }) => drift).filter(isIt),
    runs: await touchingRuns(blobs, runs.slice(0, REPORTS_READ), application),
    nowMs,
    buttonFor,
    ...(item && { item }),
  };
}

async function touchingRuns(
  blobs: BlobReader,
  runs: readonly RunSummary[],
  application: string,
): Promise<readonly TouchingRun[]> {
  const touching = await Promise.all(
    runs.map(async (run) => {
      const objects = objectsOf((await readObjects(blobs, run.report)) ?? [], application);
      const results = objects.map(({ outcome }) => outcome.result);
      const changed = results.filter((result) => result === 'created' || result === 'configured').length;
      const failed = results.filter((result) => result === 'failed').length;
      const drifted = run.drift.filter((drift) => drift.application === application).length;
      return { run, changed, failed, drifted };
    }),
  );
  return touching.filter(({ changed, failed, drifted }) => changed + failed + drifted > 0);
}

/** Undefined: nothing was stored yet, or the blob is lost. */
async function readObjects(blobs: BlobReader, key: string | undefined): Promise<readonly ObjectStatus[] | undefined> {
  return key === undefined ? undefined : readJsonBlob<readonly ObjectStatus[]>(blobs, key);
}

function objectsOf(objects: readonly ObjectStatus[], application: string): readonly ObjectStatus[] {
  return objects.filter(({ outcome }) => outcome.application === application);
}
