/**
 * What the AWS SDK throws, as our errors. Adapters of AWS services share this file (docs/decisions/0010): the services
 * differ in what they do, not in how they refuse. Names of throttling errors: SDK for JavaScript v3,
 * @smithy/service-error-classification.
 */
import { PlumblineError } from '../../errors.ts';
import { isJsonObject } from '../../model/json.ts';
import type { ErrorCode } from '../../model/problem.ts';

export interface AwsAct {
  /** What it concerns: `table plumbline-prod`, `cluster prod-eu`. */
  readonly subject: string;
  /** What was being done: `acquire the lease`. */
  readonly act: string;
  /** For everything but throttling: what being without this service means. */
  readonly code: ErrorCode;
}

const THROTTLING: ReadonlySet<string> = new Set([
  'BandwidthLimitExceeded',
  'LimitExceededException',
  'PriorRequestNotComplete',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'RequestThrottled',
  'RequestThrottledException',
  'SlowDown',
  'ThrottledException',
  'Throttling',
  'ThrottlingException',
  'TooManyRequestsException',
  'TransactionInProgressException',
]);

const DENIED: ReadonlySet<string> = new Set([
  'AccessDenied',
  'AccessDeniedException',
  'AuthorizationError',
  'UnauthorizedOperation',
]);
const EXPIRED: ReadonlySet<string> = new Set([
  'CredentialsProviderError',
  'ExpiredToken',
  'ExpiredTokenException',
  'InvalidClientTokenId',
  'InvalidSignatureException',
  'UnrecognizedClientException',
]);

/** No connection came about, or nothing comes through it: a network without an endpoint for the service looks like this. */
const UNHEARD: ReadonlySet<string> = new Set(['EHOSTUNREACH', 'ENETUNREACH', 'ETIMEDOUT', 'TimeoutError']);

/** Returns the SDK's name of an error: the exception's shape, or the code of a failed connection. */
export function awsErrorName(error: unknown): string {
  if (!(error instanceof Error)) return 'Unknown';
  if ('code' in error && typeof error.code === 'string') return error.code;
  return error.name === NAMELESS ? nameByStatus(error) : error.name;
}

/** How the SDK names an error without a body: the answer to a HEAD has none. */
const NAMELESS = 'Unknown';

function nameByStatus(error: Error): string {
  const metadata = '$metadata' in error ? error.$metadata : undefined;
  const status = isJsonObject(metadata) ? metadata.httpStatusCode : undefined;
  if (status === 403) return 'AccessDenied';
  if (status === 503) return 'SlowDown';
  return status === undefined ? NAMELESS : `HTTP ${String(status)}`;
}

export function isDenied(error: unknown): boolean {
  return DENIED.has(awsErrorName(error));
}

/** Tells whether the service does not take us for who we say we are. */
export function isExpired(error: unknown): boolean {
  return EXPIRED.has(awsErrorName(error));
}

/** Returns `error` as one of ours: `Throttled`, or the code that the act names; the SDK's error stays as its cause. */
export function awsFault(error: unknown, { subject, act, code }: AwsAct): PlumblineError {
  if (error instanceof PlumblineError) return error;
  const name = awsErrorName(error);
  const text = error instanceof Error ? error.message.trim().replace(/\.$/, '') : String(error);
  const message = text === 'UnknownError' ? '' : text;
  const wrong = message === '' || message === name ? name : `${name}: ${message}`;
  const isBusy = THROTTLING.has(name);
  return new PlumblineError([{ code: isBusy ? 'Throttled' : code, subject, act, wrong, remedy: remedyOf(name) }], {
    cause: error,
    isOwn: code === 'StateUnavailable',
  });
}

function remedyOf(name: string): string {
  if (THROTTLING.has(name)) return 'it is tried again by itself; raise the quota if it lasts';
  if (DENIED.has(name)) return 'allow the role this action on this resource';
  if (EXPIRED.has(name)) return 'check the credentials of the role';
  if (UNHEARD.has(name)) {
    return "it is tried again by itself; if it lasts, check that the function's network has a way to the service (npm run synth names the endpoints)";
  }
  return 'it is tried again by itself; check the service and the network if it lasts';
}
