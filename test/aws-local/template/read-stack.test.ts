import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { identityOf } from './identify.ts';
import { readStack } from './read-stack.ts';
import { RESOURCE_TYPES } from './resource-types.ts';

const PLACE = { account: '123456789012', region: 'eu-west-1', stack: 'plumbline' };

function read(resources: object) {
  return readStack({ Resources: resources }, PLACE, async (resource) => {
    return identityOf(resource, PLACE, 'http://127.0.0.1:1') ?? { ref: resource.logicalId, attributes: {} };
  });
}

describe('a stack', () => {
  it('is read with names, addresses and properties', async () => {
    const stack = await read({
      Dead: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'dead' } },
      Work: {
        Type: 'AWS::SQS::Queue',
        Properties: {
          QueueName: 'work',
          RedrivePolicy: { deadLetterTargetArn: { 'Fn::GetAtt': ['Dead', 'Arn'] }, maxReceiveCount: 5 },
        },
      },
    });

    const [, work] = stack.all('AWS::SQS::Queue');

    assert.equal(work?.ref, 'http://127.0.0.1:1/123456789012/work');
    assert.equal(work?.properties.RedrivePolicy?.deadLetterTargetArn, 'arn:aws:sqs:eu-west-1:123456789012:dead');
    assert.equal(work?.properties.VisibilityTimeout, 30);
  });

  it('is refused with the type that is not known here', async () => {
    await assert.rejects(read({ Odd: { Type: 'AWS::Lambda::Alias' } }), /Odd \(AWS::Lambda::Alias\)/);
  });

  it('is refused with the property that is not known here, however deep', async () => {
    const queue = {
      QueueName: 'work',
      RedrivePolicy: { deadLetterTargetArn: 'x', maxReceiveCount: 1, odd: 2 },
      Odd: 1,
    };
    const reading = read({ Work: { Type: 'AWS::SQS::Queue', Properties: queue } });

    await assert.rejects(reading, /Work \(AWS::SQS::Queue\).*RedrivePolicy\.odd.*Odd/);
  });

  it('is refused with a value that AWS would not take', async () => {
    const mapping = { EventSourceArn: 'a', FunctionName: 'b', ScalingConfig: { MaximumConcurrency: 1 } };
    const reading = read({ Map: { Type: 'AWS::Lambda::EventSourceMapping', Properties: mapping } });

    await assert.rejects(reading, /ScalingConfig\.MaximumConcurrency/);
  });

  it('knows why each property without effect hides nothing', () => {
    const reasons = Object.values(RESOURCE_TYPES).flatMap(({ shape }) =>
      Object.values(shape).flatMap(({ description }) => description ?? []),
    );

    assert(reasons.length > 20);
    assert(reasons.every((reason) => reason.length > 10));
  });
});
