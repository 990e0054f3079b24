import type { Problem } from '../model/problem.ts';
import type { GoneCluster } from '../model/status.ts';

/** Returns what people are told of a cluster that its set finds no longer; nobody can tell why but they. */
export function goneProblem({ cluster, set, sinceMs }: GoneCluster): Problem {
  const since = new Date(sinceMs).toISOString().replace(/\.\d+Z$/, 'Z');
  return {
    code: 'ClusterUnreachable',
    subject: `Cluster ${cluster}`,
    act: `discover with ClusterSet ${set}`,
    wrong: `it is gone since ${since}: deleted, or without the tags; it is left alone, and nothing was deleted in it`,
    remedy: 'give it its tags back, or declare it as a Cluster; else it is forgotten after 7 days',
  };
}
