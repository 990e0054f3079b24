/** A request as a function URL hands it over (payload format 2.0). */
import type { WebhookRequest } from './forge.ts';

export interface FunctionUrlRequest {
  readonly rawPath: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body?: string | undefined;
  readonly isBase64Encoded: boolean;
}

/** Decoded. Pushes are some kilobytes; what is larger was not sent to be read by us. */
const BODY_LIMIT_BYTES = 1024 * 1024;

/** Returns the sender's name: the last part of the path, '' when there is none. */
export function senderOf({ rawPath }: FunctionUrlRequest): string {
  return rawPath.split('/').findLast((segment) => segment !== '') ?? '';
}

/** Returns the request with the bytes that were sent; undefined when they are more than `BODY_LIMIT_BYTES`. */
export function webhookRequestOf({
  headers,
  body = '',
  isBase64Encoded,
}: FunctionUrlRequest): WebhookRequest | undefined {
  const bytes = Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8');
  if (bytes.length > BODY_LIMIT_BYTES) return undefined;
  const entries = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value ?? ''] as const);
  return { headers: new Map(entries), body: bytes };
}
