/** Errors in the form of the service that refuses: JSON, REST-JSON, S3's XML or the query protocol's XML. */
export interface ServiceError {
  readonly code: string;
  readonly message: string;
  /** A working stack may be refused so: an answer that it has to live with. */
  readonly expected?: boolean;
  readonly status?: number;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
}

/** A request that is refused before, or instead of, being carried out. */
export class RefusedRequest extends Error {
  override readonly name = 'RefusedRequest';
  readonly refusal: ServiceError;

  constructor(refusal: ServiceError) {
    super(`${refusal.code}: ${refusal.message}`);
    this.refusal = refusal;
  }
}

export function formatServiceError(service: string, { code, message, status = 400 }: ServiceError): Answer {
  if (service === 's3') {
    const body = `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>${escapeXml(message)}</Message></Error>`;
    return { status, headers: { 'content-type': 'application/xml' }, body };
  }
  if (service === 'sts' || service === 'sns') {
    const error = `<Error><Type>Sender</Type><Code>${code}</Code><Message>${escapeXml(message)}</Message></Error>`;
    return { status, headers: { 'content-type': 'text/xml' }, body: `<ErrorResponse>${error}</ErrorResponse>` };
  }
  const contentType = service === 'lambda' || service === 'eks' ? 'application/json' : 'application/x-amz-json-1.1';
  const headers = { 'content-type': contentType, 'x-amzn-errortype': code };
  return { status, headers, body: JSON.stringify({ __type: code, message, Message: message }) };
}

/** What each service calls a refusal for want of permission, and for haste. */
export function accessDenied(service: string, message: string): ServiceError {
  if (service === 's3' || service === 'sts') return { code: 'AccessDenied', message, status: 403 };
  if (service === 'sns') return { code: 'AuthorizationError', message, status: 403 };
  if (service === 'sqs') return { code: 'AccessDenied', message, status: 403 };
  return { code: 'AccessDeniedException', message };
}

export function throttled(service: string): ServiceError {
  const message = 'Rate exceeded';
  if (service === 's3') return { code: 'SlowDown', message, status: 503 };
  if (service === 'dynamodb') return { code: 'ThrottlingException', message };
  if (service === 'sqs') return { code: 'RequestThrottled', message };
  if (service === 'sts') return { code: 'Throttling', message };
  if (service === 'lambda') return { code: 'TooManyRequestsException', message, status: 429 };
  return { code: 'ThrottlingException', message };
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
