import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SSMClient } from '@aws-sdk/client-ssm';
import { createSsmParameters } from '../../../../shared/adapters/ssm/ssm-parameters.ts';
import { formatProblem } from '../../../../shared/model/problem.ts';
import { type AwsAnswer, startScriptedAws } from '../../../aws/scripted-aws.ts';

type Answer = (names: readonly string[]) => AwsAnswer;

/** Reads parameters of a Systems Manager that answers so; returns what was found, and the names of each request. */
async function readFrom(answer: Answer, names: readonly string[]) {
  const namesIn = (body: unknown) => (body as { readonly Names: readonly string[] }).Names;
  const aws = await startScriptedAws(({ body }) => answer(namesIn(body)));
  const client = new SSMClient(aws.settings);
  try {
    const places = names.map((name) => ({ from: 'ssmParameter', name }) as const);
    const found = await createSsmParameters(() => client).read(places);
    const said = found.map((one) =>
      one.found === 'refused' ? `${one.problem.code} ${formatProblem(one.problem)}` : one.found,
    );
    return { found, said, requests: aws.requests.map(({ body }) => namesIn(body)) };
  } finally {
    client.destroy();
    await aws.stop();
  }
}

const parametersOf = (names: readonly string[]): AwsAnswer => ({
  body: {
    Parameters: names.map((name) => {
      const [Name = '', version] = name.split(':');
      return { Name, Value: `of ${name}`, Type: 'String', ...(version !== undefined && { Selector: `:${version}` }) };
    }),
  },
});
const refusal = (type: string, message: string): AwsAnswer => ({ status: 400, body: { __type: type, message } });

describe('parameters of Systems Manager', () => {
  it('are asked for by ten', async () => {
    const names = Array.from({ length: 21 }, (_, index) => `/p/${index}`);

    const { requests, said } = await readFrom(parametersOf, names);

    assert.deepEqual(requests.map(({ length }) => length).sort(), [1, 10, 10]);
    assert.ok(said.every((one) => one === 'text'));
  });

  it('may be of a version', async () => {
    const { found } = await readFrom(parametersOf, ['/host:3', '/port']);

    assert.deepEqual(
      found.map((one) => (one.found === 'text' ? one.text : one.found)),
      ['of /host:3', 'of /port'],
    );
  });

  it('are read although one of them is denied, which is told in the same words each time', async () => {
    let calls = 0;
    const answer: Answer = (names) =>
      names.includes('/secret')
        ? refusal('AccessDeniedException', `no decrypt for you (Service: Kms; Request ID: ${calls++})`)
        : parametersOf(names);

    const { said } = await readFrom(answer, ['/host', '/secret']);

    assert.deepEqual(said, [
      'text',
      'Forbidden parameter /secret: read for the rendering: AccessDeniedException: no decrypt for you; name it in `values.parameters` of plumbline.config.ts and deploy again, or give the credentials ssm:GetParameters on it; a key of yours has to let them decrypt',
    ]);
  });

  it('are not asked for one by one by whom is throttled', async () => {
    const { said, requests } = await readFrom(() => refusal('ThrottlingException', 'Rate exceeded'), ['/a', '/b']);

    assert.equal(requests.length, 1);
    assert.match(said.join(), /^Throttled parameter \/a: .*Throttled parameter \/b: /);
  });
});
