import assert from 'node:assert/strict';
import { test } from 'node:test';
import { onRepositoryChange } from '../../functions/on-repository-change.ts';
import { PlumblineError } from '../../shared/errors.ts';
import { lambdaContext, recordedWorld } from './recorded-world.ts';
import { leavePlanned, wakeRecorder } from './wake-recorder.ts';

const COMMIT = '3e5983fd489864e7642b48eaad6e3f155c10e468';
const BRANCH = { referenceType: 'branch', referenceName: 'main', referenceFullName: 'refs/heads/main' };
const ID = '0f6b2a3c-1111-4222-8333-444455556666';
const MERGE = {
  baseCommitId: COMMIT,
  sourceCommitId: COMMIT,
  destinationCommitId: COMMIT,
  mergeOption: 'THREE_WAY_MERGE',
  conflictDetailsLevel: 'LINE_LEVEL',
  conflictResolutionStrategy: 'AUTOMERGE',
};

/** As the user guide of CodeCommit has it, "Monitoring CodeCommit events". */
function codecommitEvent(detail: Readonly<Record<string, string>>, place: Readonly<Record<string, string>> = {}) {
  return {
    version: '0',
    id: ID,
    'detail-type': 'CodeCommit Repository State Change',
    source: 'aws.codecommit',
    account: '123456789012',
    time: '2026-11-21T15:00:00Z',
    region: 'eu-west-1',
    resources: ['arn:aws:codecommit:eu-west-1:123456789012:fleet'],
    ...place,
    detail: { repositoryName: 'fleet', repositoryId: '12345678-1234-5678-abcd-12345678abcd', ...detail },
  };
}

function listening(repository: unknown = { codecommit: { name: 'fleet', region: 'eu-west-1' } }) {
  const recorder = wakeRecorder();
  const world = recordedWorld({
    PLUMBLINE_FLEET: 'acme',
    PLUMBLINE_BRANCH: 'main',
    PLUMBLINE_REPOSITORY: JSON.stringify(repository),
  });
  const handler = onRepositoryChange(() => recorder, world);
  return { recorder, world, send: (event: unknown) => handler(event, lambdaContext()) };
}

/** A fleet that was planned: what it watches is known. */
const planned = ({ recorder }: ReturnType<typeof listening>, ref = 'v1') =>
  leavePlanned(recorder.store, { watched: [{ ref }] });

const WAKES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'a branch that is made': { event: 'referenceCreated', ...BRANCH, commitId: COMMIT },
  'a push': { event: 'referenceUpdated', ...BRANCH, commitId: COMMIT, oldCommitId: COMMIT },
  'a merge': { event: 'referenceUpdated', ...BRANCH, commitId: COMMIT, oldCommitId: COMMIT, ...MERGE },
  'a branch that is deleted': { event: 'referenceDeleted', ...BRANCH, oldCommitId: COMMIT },
};
for (const [what, detail] of Object.entries(WAKES)) {
  test(`wakes the fleet for ${what}, by one write and one nudge that carries the event's id`, async () => {
    const fleet = listening();
    await planned(fleet);

    await fleet.send(codecommitEvent(detail));

    assert.deepEqual(fleet.recorder.calls, ['wake', 'send']);
    const [delivery] = await fleet.recorder.sent.receive({ max: 10, visibilityMs: 1 });
    assert.deepEqual(delivery?.body, { kind: 'fleet', fleet: 'acme', hop: 0, trace: ID });
  });
}

test('wakes the fleet for a tag that an application comes from, and for no other', async () => {
  const fleet = listening();
  await planned(fleet, 'v1');
  const tag = (name: string) => ({
    event: 'referenceUpdated',
    referenceType: 'tag',
    referenceName: name,
    referenceFullName: `refs/tags/${name}`,
    commitId: COMMIT,
  });

  await fleet.send(codecommitEvent(tag('v2')));
  assert.deepEqual(fleet.recorder.calls, ['readFleet']);
  await fleet.send(codecommitEvent(tag('v1')));
  assert.deepEqual(fleet.recorder.calls, ['readFleet', 'readFleet', 'wake', 'send']);
});

test('lets a merge commit be that no branch names yet', async () => {
  const { recorder, send } = listening();
  await send(codecommitEvent({ event: 'unreferencedMergeCommitCreated', commitId: COMMIT, ...MERGE }));
  assert.deepEqual(recorder.calls, []);
});

test('knows a forwarded event by its own region, and does not ask for the account', async () => {
  const fleet = listening({ codecommit: { name: 'fleet', region: 'us-east-1' } });
  await planned(fleet);
  const push = { event: 'referenceUpdated', ...BRANCH, commitId: COMMIT };

  await fleet.send(codecommitEvent(push));
  assert.deepEqual(fleet.recorder.calls, ['readFleet']);
  await fleet.send(codecommitEvent(push, { account: '210987654321', region: 'us-east-1' }));
  assert.deepEqual(fleet.recorder.calls, ['readFleet', 'wake', 'send']);
});

test('wakes a fleet whose repository is named by its https address', async () => {
  const fleet = listening({ git: { url: 'https://git-codecommit.eu-west-1.amazonaws.com/v1/repos/fleet' } });
  await fleet.send(codecommitEvent({ event: 'referenceUpdated', ...BRANCH, commitId: COMMIT }));
  assert.deepEqual(fleet.recorder.calls, ['wake', 'send']);
});

test('fails for what is none of the events that it was made for', async () => {
  const { recorder, send } = listening();
  const push = codecommitEvent({ event: 'referenceUpdated', ...BRANCH, commitId: COMMIT });
  const broken: readonly unknown[] = [
    undefined,
    'text',
    {},
    { ...push, source: 'aws.ecr' },
    { ...push, 'detail-type': 'CodeCommit Pull Request State Change' },
    codecommitEvent({ event: 'referenceUpdated' }),
    codecommitEvent({ event: 'referenceUpdated', ...BRANCH, commitId: 'no commit' }),
  ];
  for (const event of broken) {
    await assert.rejects(send(event), (error) => error instanceof PlumblineError && error.code === 'MessageInvalid');
  }
  assert.deepEqual(recorder.calls, []);
});

test('fails when state or queue do, so that Lambda counts it and tries again', async () => {
  for (const call of ['wake', 'send']) {
    const { recorder, world, send } = listening();
    const error = new PlumblineError([
      { code: 'StateUnavailable', subject: 'table', act: 'wake', wrong: 'away', remedy: '' },
    ]);
    recorder.fail(call, error);

    await assert.rejects(send(codecommitEvent({ event: 'referenceCreated', ...BRANCH, commitId: COMMIT })), error);
    assert.match(world.lines.join('\n'), /"level":"error".*StateUnavailable/);
  }
});

test('says which variable is wrong when the fleet repository is not set as it should be', async () => {
  const { send } = listening({ codecommit: { name: 'fleet' } });
  await assert.rejects(
    send(codecommitEvent({ event: 'referenceCreated', ...BRANCH, commitId: COMMIT })),
    /environment variable PLUMBLINE_REPOSITORY: read the settings of the function: codecommit\.region: /,
  );
});
