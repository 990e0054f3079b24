import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LARGEST, SMALLEST, synthesize } from './sample-stacks.ts';
import { resourcesOf } from './template.ts';

test('keeps who invoked fleet-action, and nothing else, where that is asked for', () => {
  const { template } = synthesize(LARGEST);

  const [[, trail] = []] = resourcesOf(template, 'AWS::CloudTrail::Trail');
  const [[action] = []] = resourcesOf(template, 'AWS::Lambda::Function').filter(
    ([, { Properties }]) => Properties.FunctionName === 'plumbline-prod-fleet-action',
  );

  assert.deepEqual(trail?.Properties.EventSelectors, [
    {
      DataResources: [{ Type: 'AWS::Lambda::Function', Values: [{ 'Fn::GetAtt': [action, 'Arn'] }] }],
      IncludeManagementEvents: false,
      ReadWriteType: 'All',
    },
  ]);
  assert.equal(trail?.Properties.EnableLogFileValidation, true);
});

test('costs nothing where it is not', () => {
  const { template } = synthesize(SMALLEST);

  assert.deepEqual(resourcesOf(template, 'AWS::CloudTrail::Trail'), []);
});
