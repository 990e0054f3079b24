import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { createStackOutputs } from '../../../../shared/adapters/cloudformation/stack-outputs.ts';
import { formatProblem } from '../../../../shared/model/problem.ts';
import { startScriptedAws } from '../../../aws/scripted-aws.ts';

const describeStack = (outputs: string) =>
  `<DescribeStacksResponse><DescribeStacksResult><Stacks><member><StackName>web</StackName><CreationTime>2026-01-01T00:00:00Z</CreationTime><StackStatus>UPDATE_IN_PROGRESS</StackStatus><Outputs>${outputs}</Outputs></member></Stacks></DescribeStacksResult></DescribeStacksResponse>`;
const member = (key: string, value: string) =>
  `<member><OutputKey>${key}</OutputKey><OutputValue>${value}</OutputValue></member>`;
const errorOf = (code: string, message: string) =>
  `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error></ErrorResponse>`;

async function readFrom(answer: { readonly status?: number; readonly body: string }, outputs: readonly string[]) {
  const headers = { 'content-type': 'text/xml' };
  const aws = await startScriptedAws(() => ({ ...answer, headers }));
  const client = new CloudFormationClient(aws.settings);
  try {
    const places = outputs.map((output) => ({ from: 'stackOutput', stack: 'web', output }) as const);
    const found = await createStackOutputs(() => client).read(places);
    return { found, requests: aws.requests.length };
  } finally {
    client.destroy();
    await aws.stop();
  }
}

describe('outputs of CloudFormation stacks', () => {
  it('of one stack cost one call', async () => {
    const { found, requests } = await readFrom({ body: describeStack(member('A', '1') + member('B', '2')) }, [
      'B',
      'A',
    ]);

    assert.equal(requests, 1);
    assert.deepEqual(
      found.map((one) => (one.found === 'text' ? one.text : one.found)),
      ['2', '1'],
    );
  });

  it('that are missing are told with those that are there', async () => {
    const { found } = await readFrom({ body: describeStack(member('B', '2') + member('A', '1')) }, ['Url']);

    assert.deepEqual(found, [{ found: 'nothing', missing: 'the stack has no such output; its outputs are A, B' }]);
  });

  it('that may not be read are forbidden', async () => {
    const body = errorOf('AccessDenied', 'User is not authorized to perform: cloudformation:DescribeStacks');
    const { found } = await readFrom({ status: 403, body }, ['Url']);

    assert.deepEqual(
      found.map((one) => (one.found === 'refused' ? `${one.problem.code} ${formatProblem(one.problem)}` : one.found)),
      [
        'Forbidden output Url of stack web: read for the rendering: AccessDenied: User is not authorized to perform: cloudformation:DescribeStacks; name the stack in `values.stacks` of plumbline.config.ts and deploy again, or give the credentials cloudformation:DescribeStacks on it',
      ],
    );
  });
});
