import type { UrlAnswer } from '../base/url-function.ts';

/** After how many seconds a forge may try again. */
const RETRY_AFTER_SECONDS = '30';
/** A reason names a ref or a field, whose names are the sender's to choose. */
const LONGEST_REASON = 300;

/** Returns an answer whose body is one line of JSON: a reason for people, nothing of what is inside. */
export function answerOf(
  statusCode: number,
  reason: string,
  headers: Readonly<Record<string, string>> = {},
): UrlAnswer {
  return {
    statusCode,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store', ...headers },
    body: JSON.stringify({ reason: reason.slice(0, LONGEST_REASON) }),
  };
}

export const ONLY_POST = answerOf(405, 'a webhook is a POST', { allow: 'POST' });
export const UNKNOWN_SENDER = answerOf(404, 'no sender of this name; the last part of the path names it');
export const TOO_LARGE = answerOf(413, 'the body is larger than 1 MiB');
export const UNSIGNED = answerOf(401, 'the request is not signed; give the webhook its secret');
export const WRONGLY_SIGNED = answerOf(401, 'the signature does not fit; check the secret of the webhook');
export const TRY_AGAIN = answerOf(503, 'not available at the moment; send it again', {
  'retry-after': RETRY_AFTER_SECONDS,
});
