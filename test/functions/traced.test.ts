import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';

const CHILD = join(import.meta.dirname, 'traced-child.ts');
/** What the runtime sets, as far as the SDK looks at it. */
const LAMBDA = {
  PLUMBLINE_FLEET: 'acme',
  AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
  AWS_LAMBDA_FUNCTION_NAME: 'render',
  AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
  LAMBDA_TASK_ROOT: '/var/task',
  _HANDLER: 'index.handler',
};
const HEADER = 'Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8';

async function invoke(variables: Readonly<Record<string, string>>): Promise<unknown> {
  const env = { ...LAMBDA, ...variables };
  const child = spawn(process.execPath, [CHILD], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const printed = await text(child.stdout);
  return JSON.parse(printed);
}

test('sends a segment that carries our trace for an invocation that is sampled', async (t) => {
  const daemon = createSocket('udp4');
  daemon.bind(0, '127.0.0.1');
  await once(daemon, 'listening');
  t.after(() => daemon.close());
  const packets: string[] = [];
  daemon.on('message', (packet) => packets.push(packet.toString()));
  const address = `127.0.0.1:${daemon.address().port}`;

  const said = await invoke({ AWS_XRAY_DAEMON_ADDRESS: address, _X_AMZN_TRACE_ID: `${HEADER};Sampled=1` });

  assert.deepEqual(said, { answer: 'the answer', loaded: true });
  if (packets.length === 0) await once(daemon, 'message', { signal: AbortSignal.timeout(10_000) });
  const [, segment = ''] = packets[0]?.split('\n') ?? [];
  const { name, trace_id: traceId, annotations } = JSON.parse(segment);
  assert.deepEqual([name, traceId], ['render', '1-5759e988-bd862e3fe1be46a994272793']);
  assert.deepEqual(annotations, { trace: 'push-1' });
});

test('loads nothing of X-Ray for one that is not, or where no daemon listens', async () => {
  const quiet = { answer: 'the answer', loaded: false };

  assert.deepEqual(
    await invoke({ AWS_XRAY_DAEMON_ADDRESS: '127.0.0.1:2000', _X_AMZN_TRACE_ID: `${HEADER};Sampled=0` }),
    quiet,
  );
  assert.deepEqual(await invoke({ _X_AMZN_TRACE_ID: `${HEADER};Sampled=1` }), quiet);
  assert.deepEqual(await invoke({}), quiet);
});
