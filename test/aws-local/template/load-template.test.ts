// biome-ignore-all lint/suspicious/noTemplateCurlyInString: that is how Fn::Sub is written
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { loadTemplate, resolveProperties } from './load-template.ts';

const PLACE = { account: '123456789012', region: 'eu-west-1', stack: 'plumbline' };
const IDENTITIES = new Map([['Queue', { ref: 'https://queue', attributes: { Arn: 'arn:queue', QueueName: 'queue' } }]]);

function resolve(value: unknown, more: object = {}): unknown {
  const template = loadTemplate({ ...more, Resources: { One: { Type: 'T', Properties: { value } } } }, PLACE);
  const [resource] = template.resources;
  assert(resource !== undefined);
  const properties = resolveProperties(resource, template.scope(IDENTITIES));
  return Object(properties).value;
}

describe('a template', () => {
  it('is resolved: references, attributes, texts made of parts', () => {
    assert.equal(resolve({ Ref: 'Queue' }), 'https://queue');
    assert.equal(resolve({ 'Fn::GetAtt': ['Queue', 'Arn'] }), 'arn:queue');
    assert.equal(
      resolve({ 'Fn::Join': [':', ['arn', { Ref: 'AWS::Partition' }, { Ref: 'AWS::Region' }]] }),
      'arn:aws:eu-west-1',
    );
    assert.equal(
      resolve({ 'Fn::Sub': '${AWS::AccountId}/${Queue.QueueName}/${!Literal}' }),
      '123456789012/queue/${Literal}',
    );
    assert.equal(resolve({ 'Fn::Select': [1, { 'Fn::Split': ['-', 'a-b-c'] }] }), 'b');
    assert.deepEqual(resolve([{ Ref: 'AWS::NoValue' }, 1]), [1]);
  });

  it('leaves out what its conditions leave out', () => {
    const Conditions = {
      Big: { 'Fn::Equals': [{ Ref: 'Size' }, 'big'] },
      Small: { 'Fn::Not': [{ Condition: 'Big' }] },
    };
    const Parameters = { Size: { Type: 'String', Default: 'small' } };
    const Resources = { Kept: { Type: 'T', Condition: 'Small' }, Dropped: { Type: 'T', Condition: 'Big' } };

    const template = loadTemplate({ Conditions, Parameters, Resources }, PLACE);

    assert.deepEqual(
      template.resources.map(({ logicalId }) => logicalId),
      ['Kept'],
    );
    assert.equal(resolve({ 'Fn::If': ['Big', 1, 2] }, { Conditions, Parameters }), 2);
  });

  it('is refused where it refers to nothing, or uses what is not known here', () => {
    assert.throws(() => resolve({ Ref: 'Nothing' }), /One\.value: it refers to Nothing/);
    assert.throws(() => resolve({ 'Fn::GetAtt': ['Queue', 'Colour'] }), /Queue has no attribute Colour/);
    assert.throws(() => resolve({ 'Fn::ImportValue': 'other' }), /Fn::ImportValue is not known/);
    assert.throws(() => loadTemplate({ Resources: {}, Macros: {} }, PLACE), /Macros is not known/);
    assert.throws(() => loadTemplate({ Resources: { A: { Type: 'T', Oops: 1 } } }, PLACE), /A: Oops/);
  });
});
