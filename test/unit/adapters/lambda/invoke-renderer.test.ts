import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { describe, it } from 'node:test';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { invokeRenderer } from '../../../../shared/adapters/lambda/invoke-renderer.ts';
import { packPayload, unpackPayload } from '../../../../shared/adapters/lambda/render-payload.ts';
import { PlumblineError } from '../../../../shared/errors.ts';
import { type AwsAnswer, type AwsRequest, startScriptedAws } from '../../../aws/scripted-aws.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
/** As Lambda answers when the function failed: 200, and the payload says how. */
const failed = (payload: object, log = ''): AwsAnswer => ({
  headers: { 'x-amz-function-error': 'Unhandled', 'x-amz-log-result': Buffer.from(log).toString('base64') },
  body: payload,
});
const REPORT = 'REPORT RequestId: 1\tDuration: 900.00 ms\tMemory Size: 2048 MB\tMax Memory Used: 2048 MB';

async function run(
  answer: (request: AwsRequest) => AwsAnswer,
  act: (render: (input: Uint8Array) => Promise<Uint8Array>, requests: readonly AwsRequest[]) => Promise<void>,
): Promise<void> {
  const aws = await startScriptedAws(answer);
  const client = new LambdaClient(aws.settings);
  try {
    const call = invokeRenderer(client, 'plumbline-prod-render');
    await act((input) => call(input, { trace: 'push-1' }), aws.requests);
  } finally {
    client.destroy();
    await aws.stop();
  }
}

/** Asserts how a rendering ends whose function failed with `answer`. */
async function failsWith(answer: AwsAnswer, code: string, message: RegExp): Promise<void> {
  await run(
    () => answer,
    async (render) => {
      await assert.rejects(render(bytes('files')), (error) => {
        assert.ok(error instanceof PlumblineError);
        assert.equal(error.code, code);
        assert.match(error.message, message);
        return true;
      });
    },
  );
}

describe('a call of the renderer', () => {
  it('takes bytes there and brings bytes back, in one request', async () => {
    await run(
      ({ body }) => ({ body: packPayload(bytes(`rendered ${new TextDecoder().decode(unpackPayload(body))}`), 'x') }),
      async (render, requests) => {
        assert.equal(new TextDecoder().decode(await render(bytes('files'))), 'rendered files');

        assert.equal(requests.length, 1);
        const [request] = requests;
        assert.partialDeepStrictEqual(request?.body, { trace: 'push-1' });
        assert.equal(request?.path, '/2015-03-31/functions/plumbline-prod-render/invocations');
        assert.equal(request?.headers['x-amz-invocation-type'] ?? 'RequestResponse', 'RequestResponse');
      },
    );
  });

  it('carries 20 MB of YAML', async () => {
    const yaml = bytes('apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n'.repeat(400_000));
    await run(
      ({ body }) => ({ body: packPayload(unpackPayload(body), 'x') }),
      async (render) => {
        assert.equal(Buffer.compare(await render(yaml), yaml), 0);
      },
    );
  });

  it('is not made when the files are more than it can carry', async () => {
    await run(
      () => ({ body: {} }),
      async (render, requests) => {
        await assert.rejects(render(randomBytes(5 * 1_048_576)), {
          code: 'RenderFailed',
          message:
            /the files are 6\.7 MB compressed \(5\.0 MB as they are\), more than the 6\.0 MB that one call can carry; split/,
        });
        assert.equal(requests.length, 0);
      },
    );
  });
});

describe('a renderer that failed', () => {
  it('ran longer than it may', async () => {
    const errorMessage = '2026-11-21T12:00:00.000Z 1234 Task timed out after 120.06 seconds';
    await failsWith(failed({ errorMessage }), 'RenderFailed', /it ran longer than 120 s; look for a loop/);
    const typed = {
      errorType: 'Sandbox.Timedout',
      errorMessage: `RequestId: 1 Error: Task timed out after 3.00 seconds`,
    };
    await failsWith(failed(typed), 'RenderFailed', /it ran longer than 3 s; /);
  });

  it('used more memory than it may', async () => {
    const outOfMemory = {
      errorType: 'Runtime.OutOfMemory',
      errorMessage: 'Error: Runtime exited with error: signal: killed',
    };
    await failsWith(failed(outOfMemory, REPORT), 'RenderFailed', /it used more memory than 2048 MB; look for a value/);
    const killed = {
      errorType: 'Runtime.ExitError',
      errorMessage: 'RequestId: 1 Error: Runtime exited with error: signal: killed',
    };
    await failsWith(failed(killed), 'RenderFailed', /it used more memory than it may; /);
  });

  it('ended its process', async () => {
    const exited = {
      errorType: 'Runtime.ExitError',
      errorMessage: 'RequestId: 1 Error: Runtime exited with error: exit status 134',
    };
    await failsWith(failed(exited), 'RenderFailed', /its process ended \(exit status 134\); /);
  });

  it('made more than a call can carry', async () => {
    const large = { errorType: 'Function.ResponseSizeTooLarge', errorMessage: 'Response payload size exceeded' };
    await failsWith(failed(large), 'RenderFailed', /the objects are more than the 6 MB that one call can carry; split/);
  });

  it('is our bug when it threw or does not start, and is quoted nowhere', async () => {
    const thrown = { errorType: 'TypeError', errorMessage: 'password hunter2 is not a function', trace: [] };
    await failsWith(failed(thrown), 'InvariantBroken', /^(?!.*hunter2).*it failed with TypeError; look at its log/);
    await failsWith(
      failed({ errorType: 'Runtime.ImportModuleError' }),
      'InvariantBroken',
      /Runtime\.ImportModuleError/,
    );
    await failsWith({ ...failed({}), body: 'no JSON' }, 'InvariantBroken', /an error without a type/);
  });

  it('answered nonsense', async () => {
    await failsWith({ body: { other: 1 } }, 'InvariantBroken', /not of the form that both ends agreed on/);
    await failsWith({ body: { gzip: 'AAAA' } }, 'InvariantBroken', /it is damaged/);
  });

  it('answered what would grow beyond all bounds', async () => {
    await failsWith(
      { body: packPayload(new Uint8Array(65 * 1_048_576), 'x') },
      'RenderFailed',
      /more than 64\.0 MB when it is opened; split the application/,
    );
  });
});

describe('a renderer that cannot be called', () => {
  const refusal = (status: number, type: string): AwsAnswer => ({
    status,
    headers: { 'x-amzn-errortype': type },
    body: { Message: 'as the test says' },
  });

  it('is throttled when too many run', async () => {
    await failsWith(refusal(429, 'TooManyRequestsException'), 'Throttled', /^function plumbline-prod-render: render: /);
  });

  it('is out of service when it is gone, denied or failing', async () => {
    await failsWith(refusal(404, 'ResourceNotFoundException'), 'StateUnavailable', /ResourceNotFoundException/);
    await failsWith(refusal(403, 'AccessDeniedException'), 'StateUnavailable', /allow the role this action/);
    await failsWith(refusal(500, 'ServiceException'), 'StateUnavailable', /ServiceException/);
  });
});
