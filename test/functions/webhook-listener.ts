import assert from 'node:assert/strict';
import { onWebhook, type WebhookOptions } from '../../functions/on-webhook.ts';
import type { Secret } from '../../shared/adapters/secrets-manager/secret-reader.ts';
import { SECRET } from './forge-requests.ts';
import { lambdaContext, recordedWorld } from './recorded-world.ts';
import { wakeRecorder } from './wake-recorder.ts';
import { type SentWebhook, webhookEvent } from './webhook-event.ts';

export const ARN = 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:github-Ab12Cd';
const VARIABLES = {
  PLUMBLINE_FLEET: 'acme',
  PLUMBLINE_BRANCH: 'main',
  PLUMBLINE_REPOSITORY: JSON.stringify({ git: { url: 'https://git.example.com/acme/fleet.git' } }),
  PLUMBLINE_WEBHOOK_SECRETS: JSON.stringify({ github: ARN }),
};
export const ACCEPTED = { statusCode: 202, reason: 'refs/heads/main of the fleet repository moved' };

/** Returns on-webhook with one sender, `github`, whose secret is `secret`. */
export function listening(secret: Secret = { current: SECRET }, options: Pick<WebhookOptions, 'answerWithinMs'> = {}) {
  const recorder = wakeRecorder();
  const read: string[] = [];
  const secrets = {
    read: async (arn: string) => {
      read.push(arn);
      await recorder.reach('secret');
      return secret;
    },
  };
  const world = recordedWorld(VARIABLES);
  const handler = onWebhook(() => ({ ...recorder, secrets }), { world, ...options });
  const send = async (sent: SentWebhook) => {
    const { statusCode, headers, body } = await handler(webhookEvent(sent), lambdaContext());
    assert.equal(headers['content-type'], 'application/json');
    assert.doesNotMatch(body, /\n|\bat .*:\d+:\d+/, 'one line, no stack trace');
    return { statusCode, reason: JSON.parse(body).reason, headers };
  };
  return { recorder, world, read, send };
}

export const outcome = ({ statusCode, reason }: { readonly statusCode: number; readonly reason: string }) => ({
  statusCode,
  reason,
});
