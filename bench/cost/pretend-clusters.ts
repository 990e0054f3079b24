/** Clusters that only the table knows of: planner and sweep cannot tell them from those that run. */
import type { AwsLocal } from '../../test/aws-local/aws-local.ts';
import type { LoadFleet } from '../../test/aws-local/measure/load-fleet.ts';
import { untilQuiet } from '../../test/aws-local/measure/watch-work.ts';

/** Far beyond any measurement. */
const NOT_DUE = { N: String(Date.UTC(2100, 0)) };

/** Declares `count` clusters, lets the planner plan them, and gives each the status and applications of `pattern`. */
export async function pretendClusters(
  aws: AwsLocal,
  fleet: LoadFleet,
  { pattern, count }: { readonly pattern: string; readonly count: number },
): Promise<void> {
  const others = Array.from({ length: count - 1 }, (_, index) => `pretended-${index}`);
  await fleet.declare([pattern, ...others]);
  await fleet.change();
  await untilQuiet(aws, ['fleet', 'render']);
  await aws.queue('clusters').drain();
  const items = await aws.table.items();
  const known = items.find(({ sk }) => sk?.S === `CLUSTER#${pattern}`);
  const applications = items.filter(({ pk, sk }) => isApplication(pk?.S) && sk?.S?.startsWith(`${pattern}#`));
  for (const item of items.filter(({ sk }) => sk?.S?.startsWith('CLUSTER#'))) {
    const { wanted = { N: '1' } } = item;
    await aws.table.put({ ...known, ...item, nextTry: NOT_DUE, wanted, done: wanted });
  }
  for (const cluster of others) {
    for (const item of applications) await aws.table.put({ ...item, sk: renamed(item.sk?.S, pattern, cluster) });
  }
}

/** Returns the bytes that one cluster takes: of its items, and of all blobs, for there is no other cluster. */
export async function keptBytes(aws: AwsLocal, cluster: string): Promise<{ tableBytes: number; blobBytes: number }> {
  const items = (await aws.table.items()).filter(({ sk }) => sk?.S?.includes(cluster));
  const puts = aws.gateway.log.entries.filter(({ operation, status }) => operation === 'PutObject' && status === 200);
  return {
    tableBytes: items.reduce((sum, item) => sum + Buffer.byteLength(JSON.stringify(item)), 0),
    blobBytes: puts.reduce((sum, { requestBytes }) => sum + requestBytes, 0),
  };
}

function isApplication(partition: string | undefined): boolean {
  return partition?.startsWith('APPLICATIONS#') ?? false;
}

function renamed(sortKey: string | undefined, pattern: string, cluster: string) {
  return { S: (sortKey ?? '').replace(pattern, cluster) };
}
