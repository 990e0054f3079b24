import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { ROOT } from '../architecture/source-files.ts';
import { listening } from './webhook-listener.ts';
import { serveWebhooks } from './webhook-server.ts';

const EXAMPLE = /^```sh\n([\s\S]*?)^```/m.exec(readFileSync(join(ROOT, 'docs/webhooks.md'), 'utf8'))?.[1] ?? '';
const missing = ['openssl', 'curl'].filter((tool) => spawnSync(tool, ['version']).error !== undefined);
const options = { skip: missing.length > 0 ? `${missing.join(' and ')} not installed` : false };

/** Runs the example as a reader would; returns what curl printed. */
async function runExample(secret: string): Promise<{ readonly printed: string; readonly calls: readonly string[] }> {
  const { recorder, send } = listening({ current: 'correct horse battery staple' });
  const server = await serveWebhooks(async (sent) => {
    const { statusCode, reason } = await send(sent);
    return { statusCode, body: JSON.stringify({ reason }) };
  });
  try {
    const env = { PATH: process.env.PATH, SECRET: secret, WEBHOOK_URL: `${server.url}/github` };
    const { stdout } = await promisify(execFile)('sh', ['-c', EXAMPLE], { env });
    return { printed: stdout, calls: recorder.calls };
  } finally {
    await server.close();
  }
}

test('the example of docs/webhooks.md wakes the fleet', options, async () => {
  const { printed, calls } = await runExample('correct horse battery staple');
  assert.equal(printed, '{"reason":"refs/heads/main of the fleet repository moved"}');
  assert.deepEqual(calls, ['secret', 'wake', 'send']);
});

test('the example of docs/webhooks.md fails with the wrong secret', options, async () => {
  await assert.rejects(runExample('incorrect'), (error: { readonly stdout: string }) => {
    assert.equal(error.stdout, '{"reason":"the signature does not fit; check the secret of the webhook"}');
    return true;
  });
});
