import type { RunSummary } from '../shared/model/status.ts';
import type { SampleCluster, SampleFleet } from '../test/e2e/page-sample.ts';

/** Enough for the last commits in every cluster. */
const RUNS_A_CLUSTER = 20;
/** As many kinds as a cluster with some operators serves. */
const API_VERSIONS = [...Array(220).keys()].map((index) => `group-${index}.example.com/v1/Kind${index}`);

/** Returns a fleet of many clusters and applications made from the sample's first cluster; one in fifty is in trouble. */
export function largeFleet(
  sample: SampleFleet,
  size: { readonly clusters: number; readonly applications: number },
): SampleFleet {
  const [pattern] = sample.clusters;
  if (pattern === undefined) throw new Error('the sample has no cluster');
  const troubled = sample.clusters
    .flatMap(({ applications }) => applications)
    .find(({ health }) => health === 'degraded');
  const clusters = [...Array(size.clusters).keys()].map((index): SampleCluster => {
    const cluster = `cluster-${String(index).padStart(3, '0')}`;
    const facts = pattern.status.facts && { ...pattern.status.facts, apiVersions: API_VERSIONS };
    return {
      isBehind: index % 33 === 5,
      status: { ...pattern.status, cluster, applied: `desired/${cluster}`, ...(facts && { facts }) },
      applications: [...Array(size.applications).keys()].map((place) => {
        const isTroubled = (index * 7 + place * 13) % 50 === 3 && index % 4 === 1;
        const like = (isTroubled ? troubled : undefined) ?? pattern.applications[0];
        if (like === undefined) throw new Error('the sample has no application');
        return { ...like, cluster, application: `application-${place}` };
      }),
    };
  });
  const names = clusters.map(({ status }) => status.cluster);
  const runs = names.flatMap((cluster) =>
    sample.runs.slice(0, RUNS_A_CLUSTER).map((run): RunSummary => ({ ...run, run: `${run.run}-${cluster}`, cluster })),
  );
  return { ...sample, clusters, runs, fleet: { ...sample.fleet, clusters: names } };
}
