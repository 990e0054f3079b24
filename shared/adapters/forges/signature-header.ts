import type { Claim } from './claim.ts';
import type { WebhookRequest } from './forge.ts';

/** Returns the claim of a header `sha256=<hex>` over the raw body; none when the header is not there or of another kind. */
export function sha256Claim({ headers, body }: WebhookRequest, header: string): readonly Claim[] {
  const value = headers.get(header) ?? '';
  const signature = /^sha256=([0-9a-f]{64})$/i.exec(value.trim())?.[1];
  return signature === undefined ? [] : [{ by: 'hmac-hex', signature, signed: body }];
}

/** Returns the claim of a header that is the bare hex digest. */
export function bareHexClaim({ headers, body }: WebhookRequest, header: string): readonly Claim[] {
  const signature = /^[0-9a-f]{64}$/i.exec(headers.get(header)?.trim() ?? '')?.[0];
  return signature === undefined ? [] : [{ by: 'hmac-hex', signature, signed: body }];
}
