/** What AWS would refuse in the middle of a deployment, found before. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SMALLEST, synthesize } from './sample-stacks.ts';
import { resourcesOf } from './template.ts';

test('closes the renderer in the zones that are named', () => {
  const { template } = synthesize({ ...SMALLEST, zones: ['us-east-1b', 'us-east-1c'] });
  const zones = resourcesOf(template, 'AWS::EC2::Subnet').map(([, { Properties }]) => Properties.AvailabilityZone);

  assert.deepEqual(zones, ['us-east-1b', 'us-east-1c']);
});

test('refuses settings that Lambda could not give to a function', () => {
  const network = { vpcId: 'vpc-0a', subnetIds: ['subnet-0a'], securityGroupIds: ['sg-0a'], egress: 'nat' } as const;
  const networks = Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`network-${index}`, network]));

  assert.throws(() => synthesize({ ...SMALLEST, networks }), /plumbline\.config\.ts: .* Lambda takes 4096; name fewer/);
});

test('needs no rule with more repositories than a pattern can name', () => {
  const codecommitRepositories = Array.from({ length: 25 }, (_, index) => ({
    name: `${'r'.repeat(97)}-${index}`,
    region: 'us-gov-west-1',
    account: '222222222222',
  }));
  const place = { account: '111111111111', region: 'eu-west-1' };
  const { template, targets } = synthesize({ ...SMALLEST, place, codecommitRepositories });
  const [there] = targets.values();
  assert.ok(there);

  for (const [one, count] of [
    [template, 3],
    [there, 3],
  ] as const) {
    const patterns = resourcesOf(one, 'AWS::Events::Rule')
      .map(([, { Properties }]) => JSON.stringify(Properties.EventPattern ?? ''))
      .filter((pattern) => pattern.includes('aws.codecommit'));
    assert.equal(patterns.length, count);
    for (const pattern of patterns) {
      const written = pattern.replaceAll(
        /\{"Fn::Join":\["",\["arn:",\{"Ref":"AWS::Partition"\},"(.*?)"\]\]\}/g,
        '"arn:aws-us-gov$1"',
      );
      assert.ok(written.length <= 2_048, `${written.length}`);
    }
  }
});
