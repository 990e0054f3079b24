import type { LambdaFunctionURLEvent } from 'aws-lambda';
import { isProven } from '../../shared/adapters/forges/claim.ts';
import type { WebhookMeaning } from '../../shared/adapters/forges/forge.ts';
import { senderOf, webhookRequestOf } from '../../shared/adapters/forges/function-url.ts';
import { claimsOf, readWebhook } from '../../shared/adapters/forges/read-webhook.ts';
import type { SecretReader } from '../../shared/adapters/secrets-manager/secret-reader.ts';
import type { WakeResult } from '../../shared/job/wake-for-change.ts';
import type { RepositoryChange } from '../../shared/model/repository-change.ts';
import type { UrlAnswer } from '../base/url-function.ts';
import { answerOf, ONLY_POST, TOO_LARGE, UNKNOWN_SENDER, UNSIGNED, WRONGLY_SIGNED } from './answers.ts';

export interface WebhookParts {
  /** By sender, the ARN of its secret. */
  readonly secretArns: ReadonlyMap<string, string>;
  readonly secrets: Pick<SecretReader, 'read'>;
  readonly wake: (changes: readonly RepositoryChange[]) => Promise<WakeResult>;
}

/**
 * Returns the answer to one request. What costs nothing is asked first, so that a stranger causes no call of ours: the
 * secret is read only for a known sender who brought a signature.
 */
export async function answerWebhook(event: LambdaFunctionURLEvent, parts: WebhookParts): Promise<UrlAnswer> {
  if (event.requestContext.http.method !== 'POST') return ONLY_POST;
  const arn = parts.secretArns.get(senderOf(event));
  if (arn === undefined) return UNKNOWN_SENDER;
  const request = webhookRequestOf(event);
  if (request === undefined) return TOO_LARGE;
  const claims = claimsOf(request);
  if (claims.length === 0) return UNSIGNED;
  const { current, previous = '' } = await parts.secrets.read(arn);
  if (!isProven(claims, [current, previous])) return WRONGLY_SIGNED;
  return answerMeaning(readWebhook(request), parts);
}

async function answerMeaning(meaning: WebhookMeaning, { wake }: WebhookParts): Promise<UrlAnswer> {
  switch (meaning.kind) {
    case 'ping':
      return answerOf(200, 'the webhook works');
    case 'ignored':
      return answerOf(200, meaning.reason);
    case 'nonsense':
      return answerOf(400, meaning.reason);
    case 'changes': {
      const { result, reason } = await wake(meaning.changes);
      return answerOf(result === 'woken' ? 202 : 200, reason);
    }
  }
}
