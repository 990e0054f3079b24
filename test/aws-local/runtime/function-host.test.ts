import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import type { FunctionDefinition } from './function-definition.ts';
import { FunctionHost } from './function-host.ts';
import { startReaper } from './reaper.ts';

const folder = mkdtempSync(join(tmpdir(), 'plumbline-function-'));
const reaper = startReaper();
const hosts: FunctionHost[] = [];

after(async () => {
  await Promise.all(hosts.map((host) => host.stop()));
  reaper.stop();
  rmSync(folder, { recursive: true });
});

function host(code: string, settings: Partial<FunctionDefinition> = {}): FunctionHost {
  const place = mkdtempSync(join(folder, 'code-'));
  writeFileSync(join(place, 'index.mjs'), code);
  const definition: FunctionDefinition = {
    name: 'sample',
    functionName: 'stack-sample',
    arn: 'arn:aws:lambda:eu-west-1:123456789012:function:stack-sample',
    folder: place,
    handler: 'index.handler',
    memoryMb: 256,
    timeoutMs: 10_000,
    variables: { GREETING: 'hello' },
    logGroup: '/aws/lambda/stack-sample',
    reservedConcurrency: undefined,
    ...settings,
  };
  const made = new FunctionHost({ definition, runtimeVariables: { AWS_REGION: 'eu-west-1' }, reaper });
  hosts.push(made);
  return made;
}

describe('a function in a process of its own', () => {
  it('gets its event, its context and the environment of the template, and nothing of ours', async () => {
    const sample = host(`export const handler = async (event, context) => ({
      event, arn: context.invokedFunctionArn, left: context.getRemainingTimeInMillis() > 9000,
      names: Object.keys(process.env).filter((name) => !/^(AWS_|LAMBDA_|_)/.test(name)).sort() })`);

    const outcome = await sample.invoke('{"a":1}');

    assert(outcome.ok);
    assert.deepEqual(JSON.parse(outcome.payload), {
      event: { a: 1 },
      arn: 'arn:aws:lambda:eu-west-1:123456789012:function:stack-sample',
      left: true,
      names: ['GREETING', 'LANG', 'PATH', 'TZ'],
    });
  });

  it('stays warm for the next invocation, and starts cold for one at the same time', async () => {
    const sample = host(`let calls = 0;
      export const handler = async ({ ms }) => { await new Promise((r) => setTimeout(r, ms)); return ++calls; }`);

    const first = await sample.invoke('{"ms":0}');
    const warm = await sample.invoke('{"ms":0}');
    const both = await Promise.all([sample.invoke('{"ms":200}'), sample.invoke('{"ms":200}')]);

    assert.deepEqual(
      [first, warm].map((one) => one.ok && one.payload),
      ['1', '2'],
    );
    assert.deepEqual(both.map((one) => one.ok && one.payload).sort(), ['1', '3']);
    assert.equal(sample.invocations.filter(({ initMs }) => initMs !== undefined).length, 2);
  });

  it('is stopped between invocations: what it left running does not go on', async () => {
    const sample = host(`let ticks = 0; setInterval(() => { ticks += 1; }, 10);
      export const handler = async () => ticks;`);
    await sample.invoke('{}');

    await pause(500);
    const outcome = await sample.invoke('{}');

    assert(outcome.ok);
    assert(Number(outcome.payload) < 25, `it went on: ${outcome.payload} ticks`);
  });

  it('reports what the handler throws', async () => {
    const sample = host(`export const handler = async () => { throw new TypeError('no such thing'); }`);

    const outcome = await sample.invoke('{}');

    assert.deepEqual(outcome.ok ? {} : [outcome.errorType, outcome.errorMessage], ['TypeError', 'no such thing']);
  });

  it('is killed when its time is over, and starts cold after that', async () => {
    const sample = host(
      `export const handler = async ({ ms }) => { await new Promise((r) => setTimeout(r, ms)); return 1; }`,
      {
        timeoutMs: 300,
      },
    );

    const late = await sample.invoke('{"ms":60000}');
    const next = await sample.invoke('{"ms":0}');

    assert.match(late.ok ? '' : late.errorMessage, /Task timed out after 0\.30 seconds/);
    assert(next.ok);
    assert.equal(sample.invocations.at(-1)?.initMs !== undefined, true);
  });

  it('says that its handler does not exist, or its file', async () => {
    const noExport = await host('export const other = async () => 1;').invoke('{}');
    const noFile = await host('export const handler = async () => 1;', { handler: 'main.handler' }).invoke('{}');
    const noTop = await host('throw new Error("no table");').invoke('{}');

    assert.equal(noExport.ok ? '' : noExport.errorType, 'Runtime.HandlerNotFound');
    assert.equal(noFile.ok ? '' : noFile.errorType, 'Runtime.ImportModuleError');
    assert.match(noTop.ok ? '' : noTop.errorMessage, /no table/);
  });

  it('is gone when its process exits, with what it started', async () => {
    const sample = host('export const handler = async () => process.exit(3);');

    const outcome = await sample.invoke('{}');

    assert.match(outcome.ok ? '' : outcome.errorMessage, /exit status 3/);
  });

  it('is killed when it takes more memory than it has', async () => {
    const sample = host(
      `const kept = []; export const handler = async () => {
        for (;;) { kept.push(Buffer.alloc(20e6, 1)); await new Promise((r) => setTimeout(r, 20)); } };`,
      { memoryMb: 256 },
    );

    const outcome = await sample.invoke('{}');

    assert.equal(outcome.ok ? '' : outcome.errorType, 'Runtime.OutOfMemory');
  });

  it('can be killed and stopped from outside in the middle of its work', async () => {
    const sample = host(
      `export const handler = async () => { await new Promise((r) => setTimeout(r, 300)); return 1; };`,
    );

    const killed = sample.invoke('{}');
    await pause(400);
    const wasRunning = sample.kill();
    const frozen = sample.invoke('{}');
    sample.freeze();
    const early = await Promise.race([frozen, pause(700, 'still frozen')]);
    sample.thaw();
    const thawed = await frozen;

    assert.equal(wasRunning === 1 ? (await killed).ok : false, false);
    assert.equal(early, 'still frozen');
    assert(thawed.ok);
  });
});
