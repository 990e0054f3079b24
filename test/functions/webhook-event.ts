import { createHmac } from 'node:crypto';
import type { LambdaFunctionURLEvent } from 'aws-lambda';

export interface SentWebhook {
  readonly path?: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  readonly base64?: boolean;
}

/** Returns the event that a function URL makes of a request (payload format 2.0). */
export function webhookEvent(sent: SentWebhook): LambdaFunctionURLEvent {
  const { path = '/github', method = 'POST', headers = {}, body = '', base64 = false } = sent;
  const bytes = Buffer.from(body);
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath: path,
    rawQueryString: '',
    headers: { host: 'abc.lambda-url.eu-west-1.on.aws', 'content-type': 'application/json', ...headers },
    requestContext: {
      accountId: 'anonymous',
      apiId: 'abc',
      domainName: 'abc.lambda-url.eu-west-1.on.aws',
      domainPrefix: 'abc',
      http: { method, path, protocol: 'HTTP/1.1', sourceIp: '192.0.2.1', userAgent: 'test' },
      requestId: '3f2c1f6e-0000-4000-8000-000000000000',
      routeKey: '$default',
      stage: '$default',
      time: '21/Nov/2026:15:00:00 +0000',
      timeEpoch: 1_795_273_200_000,
    },
    body: base64 ? bytes.toString('base64') : bytes.toString(),
    isBase64Encoded: base64,
  };
}

/** Returns the HMAC-SHA-256 of a body in hex. */
export function signed(secret: string, body: string | Uint8Array): string {
  return createHmac('sha256', secret).update(body).digest('hex');
}
