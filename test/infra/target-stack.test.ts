/** What stands in accounts of others: the way into their clusters, and news of their repositories. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { LARGEST, SMALLEST, synthesize } from './sample-stacks.ts';
import { formatResource, onlyResource, resourcesOf, type Template } from './template.ts';

const { targets, template } = synthesize(LARGEST);

function target(name: string): Template {
  const found = targets.get(`plumbline-prod-in-${name}`);
  assert.ok(found, [...targets.keys()].join(', '));
  return found;
}

test('makes a stack for each account and Region with clusters or repositories', () => {
  assert.deepEqual(
    [...targets.keys()],
    ['plumbline-prod-in-222222222222-eu-west-1', 'plumbline-prod-in-222222222222-us-east-1'],
  );
  assert.equal(synthesize(SMALLEST).targets.size, 0);
});

test('lets the named roles of the installation in, with the external id, and nobody else', () => {
  const { AssumeRolePolicyDocument, RoleName } = onlyResource(
    target('222222222222-eu-west-1'),
    'AWS::IAM::Role',
  ).Properties;
  const [statement, ...others] = z
    .object({ Statement: z.array(z.looseObject({ Condition: z.unknown() })) })
    .parse(AssumeRolePolicyDocument).Statement;
  const { ArnEquals, StringEquals } = z
    .object({ ArnEquals: z.object({ 'aws:PrincipalArn': z.array(z.unknown()) }), StringEquals: z.unknown() })
    .parse(statement?.Condition);

  assert.deepEqual(others, []);
  assert.equal(RoleName, 'plumbline-prod-eu-west-1');
  assert.deepEqual(StringEquals, { 'sts:ExternalId': 'of-the-platform-team' });
  assert.deepEqual(
    ArnEquals['aws:PrincipalArn'].map(formatResource),
    ['reconcile-cluster', 'reconcile-cluster-bank', 'reconcile-cluster-shops', 'plan-fleet'].map(
      (name) => `arn:<Partition>:iam::111111111111:role/plumbline-prod-${name}`,
    ),
  );
});

test('trusts roles that the installation has', () => {
  const names = resourcesOf(template, 'AWS::IAM::Role').map(([, { Properties }]) => Properties.RoleName);

  for (const name of ['reconcile-cluster', 'reconcile-cluster-bank', 'plan-fleet']) {
    assert.ok(names.includes(`plumbline-prod-${name}`), name);
  }
});

test('enters each cluster as a group without rights of its own, or as admin where that is said', () => {
  const entries = (name: string) =>
    resourcesOf(target(name), 'AWS::EKS::AccessEntry').map(
      ([, { Properties }]) => [Properties.ClusterName, Properties.KubernetesGroups, Properties.AccessPolicies] as const,
    );

  assert.deepEqual(entries('222222222222-eu-west-1'), [
    ['shop-prod', ['plumbline'], undefined],
    ['shop-test', ['plumbline'], undefined],
  ]);
  const [web, ...others] = entries('222222222222-us-east-1');
  assert.deepEqual(others, []);
  assert.deepEqual(web?.[1], undefined);
  assert.match(JSON.stringify(web?.[2]), /:eks::aws:cluster-access-policy\/AmazonEKSClusterAdminPolicy/);
});

test('hands on events of the repositories there, to the bus of the installation alone', () => {
  const there = target('222222222222-us-east-1');
  const { EventPattern, Targets } = onlyResource(there, 'AWS::Events::Rule').Properties;
  const rights = JSON.stringify(resourcesOf(there, 'AWS::IAM::Policy').map(([, { Properties }]) => Properties));

  assert.match(JSON.stringify(EventPattern), /:codecommit:us-east-1:222222222222:web/);
  assert.match(JSON.stringify(Targets), /:events:eu-west-1:111111111111:event-bus\/default/);
  assert.match(rights, /"events:PutEvents".*:events:eu-west-1:111111111111:event-bus\/default/);
  assert.equal(resourcesOf(target('222222222222-eu-west-1'), 'AWS::Events::Rule').length, 0);
});

test('takes events of CodeCommit from accounts with repositories, and no other event', () => {
  const { Statement, StatementId } = onlyResource(template, 'AWS::Events::EventBusPolicy').Properties;

  const { Principal, Action, Condition } = z
    .object({ Principal: z.unknown(), Action: z.string(), Condition: z.unknown() })
    .parse(Statement);
  assert.equal(StatementId, 'plumbline-prod-222222222222');
  assert.deepEqual(Principal, { AWS: '222222222222' });
  assert.equal(Action, 'events:PutEvents');
  assert.deepEqual(Condition, { 'ForAllValues:StringEquals': { 'events:source': 'aws.codecommit' } });
});
