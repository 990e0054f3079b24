import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { checkPattern, matchesPattern } from './event-pattern.ts';
import { inputOf, type RuleTarget } from './target-input.ts';

const EVENT = {
  source: 'aws.codecommit',
  'detail-type': 'CodeCommit Repository State Change',
  resources: ['arn:aws:codecommit:eu-west-1:123456789012:fleet'],
  detail: {
    event: 'referenceUpdated',
    referenceType: 'branch',
    referenceName: 'main',
    size: 3,
    done: true,
    gone: null,
  },
};

describe('a pattern', () => {
  const cases: readonly (readonly [string, object, boolean])[] = [
    ['a value that is listed', { source: ['aws.s3', 'aws.codecommit'] }, true],
    ['a value that is not', { source: ['aws.s3'] }, false],
    ['a number, a boolean, null', { detail: { size: [3], done: [true], gone: [null] } }, true],
    ['a number as text', { detail: { size: ['3'] } }, false],
    ['one of several values', { resources: [EVENT.resources[0], 'other'] }, true],
    ['every field that it names', { source: ['aws.codecommit'], detail: { event: ['referenceDeleted'] } }, false],
    ['a field that is not there', { detail: { colour: ['red'] } }, false],
    ['a prefix', { detail: { event: [{ prefix: 'reference' }] } }, true],
    ['a suffix', { detail: { event: [{ suffix: 'Deleted' }] } }, false],
    ['anything but', { detail: { event: [{ 'anything-but': ['referenceDeleted'] }] } }, true],
    ['anything but a prefix', { detail: { event: [{ 'anything-but': { prefix: 'reference' } }] } }, false],
    ['what exists', { detail: { event: [{ exists: true }], colour: [{ exists: false }] } }, true],
    ['a wildcard', { resources: [{ wildcard: 'arn:aws:codecommit:*:fleet' }] }, true],
    ['another case', { source: [{ 'equals-ignore-case': 'AWS.CodeCommit' }] }, true],
  ];
  for (const [name, pattern, expected] of cases) {
    it(`${expected ? 'matches' : 'does not match'} by ${name}`, () => {
      checkPattern(pattern, 'rule');

      assert.equal(matchesPattern({ ...pattern }, EVENT), expected);
    });
  }

  it('is refused when it cannot ever match or uses what is not known here', () => {
    assert.throws(() => checkPattern({}, 'rule'), /empty/);
    assert.throws(() => checkPattern({ source: [] }, 'rule'), /rule\.source/);
    assert.throws(() => checkPattern({ detail: { size: [{ numeric: ['>', 1] }] } }, 'rule'), /numeric/);
    assert.throws(() => checkPattern({ $or: [{}] }, 'rule'), /\$or/);
  });
});

describe('what a target gets', () => {
  const target: RuleTarget = {
    Arn: 'arn',
    Id: 'Target0',
    RetryPolicy: { MaximumEventAgeInSeconds: 60, MaximumRetryAttempts: 0 },
  };

  it('is the event, a part, a text, or one made of parts', () => {
    const InputTransformer = {
      InputPathsMap: { name: '$.detail.referenceName', first: '$.resources[0]', size: '$.detail.size' },
      InputTemplate: '{"text": "branch <name>: <size>", "arn": <first>, "size": <size>}',
    };

    assert.deepEqual(JSON.parse(inputOf(target, EVENT)), EVENT);
    assert.equal(inputOf({ ...target, InputPath: '$.detail.event' }, EVENT), '"referenceUpdated"');
    assert.equal(inputOf({ ...target, Input: '{"fleet":"a"}' }, EVENT), '{"fleet":"a"}');
    assert.deepEqual(JSON.parse(inputOf({ ...target, InputTransformer }, EVENT)), {
      text: 'branch main: 3',
      arn: EVENT.resources[0],
      size: 3,
    });
  });
});
