import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readCodecommitEvent } from '../../../../shared/adapters/forges/codecommit-event.ts';

const COMMIT = '3e5983fd489864e7642b48eaad6e3f155c10e468';

const read = (detail: Readonly<Record<string, string>>) =>
  readCodecommitEvent({
    'detail-type': 'CodeCommit Repository State Change',
    source: 'aws.codecommit',
    account: '123456789012',
    region: 'us-east-2',
    detail: { repositoryName: 'MyDemoRepo', ...detail },
  });
const REPOSITORY = { urls: ['codecommit::us-east-2://MyDemoRepo'] };

test('reads repository, ref and commit', () => {
  const detail = { event: 'referenceCreated', referenceType: 'branch', referenceName: 'myBranch', commitId: COMMIT };
  assert.deepEqual(read(detail), {
    kind: 'changes',
    changes: [{ ...REPOSITORY, ref: 'refs/heads/myBranch', commit: COMMIT, deleted: false }],
  });
});

test('reads a tag that is deleted', () => {
  const detail = { event: 'referenceDeleted', referenceType: 'tag', referenceName: 'v1', oldCommitId: COMMIT };
  assert.deepEqual(read(detail), {
    kind: 'changes',
    changes: [{ ...REPOSITORY, ref: 'refs/tags/v1', deleted: true }],
  });
});

test('is not interested in what moves no ref', () => {
  for (const event of ['unreferencedMergeCommitCreated', 'somethingNew']) {
    assert.equal(read({ event, commitId: COMMIT }).kind, 'ignored');
  }
});
