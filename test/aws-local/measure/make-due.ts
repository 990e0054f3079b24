/** Lets items come due without time passing: workers would take a jump of the clock for a standstill of their own. */
import type { AwsLocal } from '../aws-local.ts';

/** Makes a cluster's check due and nudges its worker, as a sweep would. */
export async function checkCluster(aws: AwsLocal, fleet: string, cluster: string): Promise<void> {
  await setNextTry(aws, `CLUSTER#${cluster}`, 0);
  await aws.queue('clusters').send(JSON.stringify({ kind: 'cluster', fleet, cluster, hop: 0 }), { group: cluster });
}

/** Makes the check of the repository due and nudges the planner. */
export async function checkFleet(aws: AwsLocal, fleet: string): Promise<void> {
  await setNextTry(aws, 'STATE', 0);
  await aws.queue('fleet').send(JSON.stringify({ kind: 'fleet', fleet, hop: 0 }), { group: fleet });
}

async function setNextTry(aws: AwsLocal, sortKey: string, timeMs: number): Promise<void> {
  const item = (await aws.table.items()).find(({ sk }) => sk?.S === sortKey);
  if (item === undefined) throw new Error(`the table has no item ${sortKey}`);
  await aws.table.put({ ...item, nextTry: { N: String(timeMs) } });
}
