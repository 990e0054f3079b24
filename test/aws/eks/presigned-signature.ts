/**
 * Signature Version 4 of a presigned GET without a body, computed by hand so that it can disagree with the library that
 * signs. Source: AWS, "Authenticating Requests: Using Query Parameters (AWS Signature Version 4)".
 */
import { createHash, createHmac } from 'node:crypto';

const EMPTY_BODY = createHash('sha256').update('').digest('hex');

/** Returns the signature that `url` must carry when it was signed with `secret` for these headers. */
export function signatureOf(url: URL, headers: Readonly<Record<string, string>>, secret: string): string {
  const read = (name: string) => url.searchParams.get(name) ?? '';
  const [, date = '', region = '', service = '', end = ''] = read('X-Amz-Credential').split('/');
  const query = [...url.searchParams]
    .filter(([name]) => name !== 'X-Amz-Signature')
    .map(([name, value]) => `${percent(name)}=${percent(value)}`)
    .sort()
    .join('&');
  const signed = read('X-Amz-SignedHeaders');
  const lines = signed.split(';').map((name) => `${name}:${(headers[name] ?? '').trim()}\n`);
  const canonical = ['GET', url.pathname, query, lines.join(''), signed, EMPTY_BODY].join('\n');
  const scope = [date, region, service, end].join('/');
  const text = ['AWS4-HMAC-SHA256', read('X-Amz-Date'), scope, sha256(canonical)].join('\n');
  const keyed = (key: string | Buffer, value: string) => createHmac('sha256', key).update(value).digest();
  const key = [date, region, service, end].reduce<string | Buffer>(keyed, `AWS4${secret}`);
  return createHmac('sha256', key).update(text).digest('hex');
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function percent(text: string): string {
  return encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
