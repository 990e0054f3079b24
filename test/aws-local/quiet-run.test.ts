/** What a check costs that finds nothing new: most of all requests of a fleet, so most of its bill. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { pythonIsMissing } from '../aws/python-tools.ts';
import { type AwsLocal, waitUntil } from './aws-local.ts';
import { LoadFleet } from './measure/load-fleet.ts';
import { checkCluster, checkFleet } from './measure/make-due.ts';
import { untilQuiet, watchWork } from './measure/watch-work.ts';
import { startAwsLocal } from './start-aws-local.ts';
import { STORY_FLEET, storyStack } from './story/story-stack.ts';

describe('a check of a cluster with 1,000 objects of 4 kinds in 10 applications', { skip: pythonIsMissing }, () => {
  let aws: AwsLocal;
  let fleet: LoadFleet;

  before(async () => {
    const { config, clusters = [], ...rest } = storyStack();
    aws = await startAwsLocal({
      ...rest,
      config: { ...config, checkMinutes: 60 },
      clusters: clusters.slice(0, 1),
    });
    fleet = await LoadFleet.create(aws, { applications: 10, objects: 100 });
    await fleet.change();
    await waitUntil(aws, 'a first run', () => aws.function('reconcile-cluster').invocations[0]);
    await untilQuiet(aws);
    // The worker and its caches are warm after this.
    await watchWork(aws, () => checkCluster(aws, STORY_FLEET, 'staging'));
  });

  after(async () => {
    await fleet?.remove();
    await aws?.stop();
  });

  it('is at most 8 requests to the API server and 3 to AWS', async () => {
    const work = await watchWork(aws, () => checkCluster(aws, STORY_FLEET, 'staging'));

    const run = work.functions.flatMap(({ lines }) => lines).find((line) => line.includes('"message":"run"'));
    assert.equal(JSON.parse(run ?? '{}').counts?.unchanged, 1_000, run);
    assert.deepEqual(
      work.functions.map(({ name, invocations }) => [name, invocations.length]),
      [['reconcile-cluster', 1]],
    );
    assert(work.apiRequests.length <= 8, work.apiRequests.join('\n'));
    assert(work.apiRequests.length >= 5, work.apiRequests.join('\n'));
    const others = work.awsRequests.filter(({ service }) => service !== 'sqs');
    const told = others.map(({ service, operation }) => `${service}:${operation}`);
    assert(told.length <= 3, told.join('\n'));
    assert(told.length >= 2, told.join('\n'));
    assert.deepEqual(aws.violations(), []);
  });

  it('leaves renderer, clusters and blobs alone when a repository that has not moved is looked at', async () => {
    await watchWork(aws, () => checkFleet(aws, STORY_FLEET));
    const work = await watchWork(aws, () => checkFleet(aws, STORY_FLEET));

    assert.deepEqual(
      work.functions.map(({ name }) => name),
      ['plan-fleet'],
    );
    assert.deepEqual(work.apiRequests, []);
    const told = work.awsRequests.map(({ service, operation }) => `${service}:${operation}`).sort();
    const updates = Array(3).fill('dynamodb:UpdateItem');
    assert.deepEqual(told, ['codecommit:GetBranch', 'dynamodb:Query', ...updates]);
  });
});
