/**
 * Calls the isolated renderer and waits for what it says. A function that was killed is no error of the call: Lambda
 * answers 200 and names in a header that the function failed; the payload tells how.
 */
import { InvokeCommand, type InvokeCommandOutput, type LambdaClient } from '@aws-sdk/client-lambda';
import { parseJson } from '../../model/json-text.ts';
import { awsFault } from '../aws/aws-fault.ts';
import { explainFailure } from './function-failure.ts';
import { packPayload, unpackPayload } from './render-payload.ts';

/** Longer than the renderer may run (120 s): its own end is what is to be heard of. */
const WAIT_MS = 140_000;

/** `trace`: for the log of the function. */
export type CallRenderer = (input: Uint8Array, call: { readonly trace: string }) => Promise<Uint8Array>;

/**
 * Returns a function that has bytes rendered by `functionName` and returns the bytes that it answers.
 *
 * @throws {RenderFailed} when files or objects are too large for a call, or the renderer was killed by them.
 * @throws {StateUnavailable | Throttled} when the renderer cannot be called now.
 * @throws {InvariantBroken} when the function itself is broken.
 */
export function invokeRenderer(client: LambdaClient, functionName: string): CallRenderer {
  return async (input, { trace }) => {
    const Payload = JSON.stringify({ trace, ...packPayload(input, 'the files') });
    // The last lines of the log say how much memory the function has.
    const command = new InvokeCommand({ FunctionName: functionName, Payload, LogType: 'Tail' });
    const answer = await send(client, functionName, command);
    const payload = readPayload(answer);
    if (answer.FunctionError === undefined) return unpackPayload(payload);
    throw explainFailure(functionName, { payload, log: textOf(answer.LogResult) });
  };
}

async function send(client: LambdaClient, functionName: string, command: InvokeCommand): Promise<InvokeCommandOutput> {
  try {
    return await client.send(command, { requestTimeout: WAIT_MS });
  } catch (error) {
    throw awsFault(error, { subject: `function ${functionName}`, act: 'render', code: 'StateUnavailable' });
  }
}

function readPayload({ Payload }: InvokeCommandOutput): unknown {
  try {
    return parseJson(new TextDecoder().decode(Payload));
  } catch {
    return undefined;
  }
}

function textOf(base64: string | undefined): string {
  return base64 === undefined ? '' : Buffer.from(base64, 'base64').toString();
}
