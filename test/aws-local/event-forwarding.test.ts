import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { pythonIsMissing } from '../aws/python-tools.ts';
import { eventually } from '../controlplane/eventually.ts';
import { type AwsLocal, waitUntil } from './aws-local.ts';
import type { EventBus } from './events/event-bus.ts';
import { ACCOUNT, REGION, startAwsLocal } from './start-aws-local.ts';

const THEIRS = { account: '210987654321', region: 'us-east-1' };

function pushTo(repositoryName: string) {
  return {
    source: 'aws.codecommit',
    'detail-type': 'CodeCommit Repository State Change',
    resources: [`arn:aws:codecommit:${THEIRS.region}:${THEIRS.account}:${repositoryName}`],
    detail: {
      event: 'referenceUpdated',
      repositoryName,
      referenceType: 'branch',
      referenceName: 'main',
      referenceFullName: 'refs/heads/main',
      commitId: '2'.repeat(40),
      oldCommitId: '1'.repeat(40),
    },
  };
}

describe('a repository in another account and Region', { skip: pythonIsMissing }, () => {
  let aws: AwsLocal;
  let theirs: EventBus;

  before(async () => {
    aws = await startAwsLocal({
      config: {
        fleet: 'news',
        repository: { codecommit: { name: 'fleet', region: REGION } },
        codecommitRepositories: [{ name: 'web', ...THEIRS }],
        place: { account: ACCOUNT, region: REGION },
      },
      repositories: ['fleet'],
    });
    // What is woken stays to be seen.
    aws.queue('fleet').pause();
    const found = aws.targetBuses.find(({ account, region }) => account === THEIRS.account && region === THEIRS.region);
    assert(found !== undefined);
    theirs = found.bus;
  });

  after(() => aws?.stop());

  const woken = () => aws.function('on-repository-change').invocations.length;

  it('wakes the fleet by the bus of its account, a role that may do that alone, and the home bus', async () => {
    await theirs.put(pushTo('web'));

    await eventually(
      async () => woken(),
      (count) => count === 1,
    );
    const [event] = aws.bus.events;
    assert.deepEqual([event?.account, event?.region, event?.source], [THEIRS.account, THEIRS.region, 'aws.codecommit']);
    const { visible } = await waitUntil(aws, 'a nudge', async () => {
      const counts = await aws.queue('fleet').counts();
      return counts.visible > 0 ? counts : undefined;
    });
    assert.equal(visible, 1);
    const line = aws.function('on-repository-change').lines.find(({ text }) => text.includes('"repository change"'));
    assert.equal(JSON.parse(line?.text ?? '{}').result, 'woken');
    assert.deepEqual(aws.violations(), []);
  });

  it('is the only one of its account whose events come, and brings no others', async () => {
    const before = woken();
    const told = aws.bus.events.length;

    await theirs.put(pushTo('other'));
    await theirs.put({ ...pushTo('web'), 'detail-type': 'CodeCommit Pull Request State Change' });
    await theirs.put({
      ...pushTo('web'),
      detail: { ...pushTo('web').detail, event: 'unreferencedMergeCommitCreated' },
    });

    assert.deepEqual([woken(), aws.bus.events.length], [before, told]);
    assert.deepEqual(aws.violations(), []);
  });
});

describe('a home bus', { skip: pythonIsMissing }, () => {
  it('takes nothing from an account that its policy does not name', async () => {
    const aws = await startAwsLocal({
      config: {
        fleet: 'news',
        repository: { codecommit: { name: 'fleet', region: REGION } },
        codecommitRepositories: [{ name: 'web', ...THEIRS }],
        place: { account: ACCOUNT, region: REGION },
      },
      repositories: ['fleet'],
      mutate: withoutBusPolicies,
    });
    try {
      await aws.targetBuses[0]?.bus.put(pushTo('web'));

      assert.deepEqual(aws.bus.events, []);
      assert.match(
        aws.violations().join(),
        /events:PutEvents on resource: .*the policy of the resource does not allow/,
      );
    } finally {
      await aws.stop();
    }
  });
});

function withoutBusPolicies(template: unknown): unknown {
  const { Resources: resources, ...rest } = template as { Resources: Record<string, { Type: string }> };
  const kept = Object.entries(resources).filter(([, { Type: type }]) => type !== 'AWS::Events::EventBusPolicy');
  return { ...rest, Resources: Object.fromEntries(kept) };
}
