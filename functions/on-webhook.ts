import { readFleetPlace } from '../shared/config/fleet-place.ts';
import type { FunctionSettings } from '../shared/config/function-settings.ts';
import { PlumblineError } from '../shared/errors.ts';
import { answerInTime } from '../shared/job/answer-in-time.ts';
import { type WakeDeps, wakeForChange } from '../shared/job/wake-for-change.ts';
import { type FunctionWorld, once } from './base/invocation.ts';
import { logFailure } from './base/log-failure.ts';
import { openQueue } from './base/open-queue.ts';
import { openSecrets } from './base/open-secrets.ts';
import { openState } from './base/open-state.ts';
import { urlFunction } from './base/url-function.ts';
import { answerWebhook, type WebhookParts } from './webhook/answer-webhook.ts';
import { TRY_AGAIN } from './webhook/answers.ts';

/** Forges give up after about 10 s, of which a cold start and the way there and back take their part. */
const ANSWER_WITHIN_MS = 7_000;

export type WebhookDeps = WakeDeps & Pick<WebhookParts, 'secrets'>;

export interface WebhookOptions {
  readonly world?: FunctionWorld;
  /** Default: 7,000. */
  readonly answerWithinMs?: number;
}

/** Returns the function URL's handler: verify, wake, answer. Whoever sends the same request again wakes again, nothing more. */
export function onWebhook(
  open: (settings: FunctionSettings) => WebhookDeps,
  { world, answerWithinMs = ANSWER_WITHIN_MS }: WebhookOptions = {},
) {
  const depsOf = once(open);
  return urlFunction(
    'on-webhook',
    async (event, { settings, telemetry, trace }) => {
      const deps = depsOf(settings);
      const parts: WebhookParts = {
        secretArns: settings.texts('webhookSecrets'),
        secrets: deps.secrets,
        wake: (changes) => wakeForChange(deps, readFleetPlace(settings), { changes, trace }),
      };
      try {
        const answer = await answerInTime(() => answerWebhook(event, parts), { limitMs: answerWithinMs });
        if ([400, 401, 413].includes(answer.statusCode)) telemetry.measure('WebhooksRefused', 1);
        telemetry.info('webhook', { status: answer.statusCode, answer: answer.body });
        return answer;
      } catch (error) {
        if (!(error instanceof PlumblineError) || error.fault !== 'platform') throw error;
        logFailure(telemetry, error);
        return TRY_AGAIN;
      }
    },
    world,
  );
}

export const handler = onWebhook((settings) => ({
  state: openState(settings),
  queue: openQueue(settings),
  secrets: openSecrets(),
}));
