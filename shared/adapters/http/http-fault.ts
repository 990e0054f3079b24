/** What can go wrong between us and a server, in our words. Nothing that was sent stands in any of them. */
import { PlumblineError } from '../../errors.ts';
import type { ErrorCode } from '../../model/problem.ts';
import { CERTIFICATE, codeOf, PassingFault, parseRetryAfter, SilenceError, UNKNOWN_NAME } from './read-failure.ts';

/** Who was asked, and for what. */
export interface HttpAct {
  /** The address that was declared. */
  readonly subject: string;
  readonly act: string;
}

/** Returns the fault of a request that got no answer, or not all of one. */
export function faultOfConnection(error: unknown, act: HttpAct, host: string): PlumblineError | PassingFault {
  if (error instanceof SilenceError) {
    return unreachable(act, `${host} gives ${error.message}`, 'check whether it is busy, and the network way to it');
  }
  const code = codeOf(error);
  if (UNKNOWN_NAME.test(code))
    return unreachable(act, `the name ${host} is not known (${code})`, 'check the address and the DNS');
  if (CERTIFICATE.test(code)) {
    const remedy =
      'if an authority of your own signed it, give the certificate of that authority (PEM) as "ca" of the Repository';
    return unreachable(act, `the certificate of ${host} is not trusted (${code})`, remedy);
  }
  const wrong = code === 'ECONNREFUSED' ? `${host} refuses connections` : `the connection to ${host} failed (${code})`;
  return new PassingFault(unreachable(act, wrong, 'check the address and the network way to it'));
}

/** Returns the fault of an answer that may be another one the next time; undefined: it says what it means. */
export function passingFaultOf(
  { status, headers }: { readonly status: number; readonly headers: Readonly<Record<string, string>> },
  act: HttpAct,
  host: string,
): PassingFault | undefined {
  const wrong = `${host} answers ${status}`;
  const retryAfter = headers['retry-after'];
  if (status === 429 || (status === 503 && retryAfter !== undefined)) {
    const busy = fault('Throttled', act, wrong, 'it is tried again by itself; ask less often if it lasts');
    return new PassingFault(busy, parseRetryAfter(retryAfter));
  }
  if (status < 500) return undefined;
  const remedy = 'it is tried again by itself; look at the server if it lasts';
  return new PassingFault(unreachable(act, wrong, remedy));
}

/** Returns the fault of an answer that is none of those expected. */
export function faultOfStatus(status: number, act: HttpAct, hadCredentials: boolean): PlumblineError {
  const wrong = `the server answers ${status}`;
  if (status === 401 || status === 403) return hadCredentials ? denied(act, wrong) : closed(act, wrong);
  return notFound(act, wrong, 'check the address; servers also say so of what the credentials may not read');
}

export function denied(act: HttpAct, wrong: string): PlumblineError {
  const remedy = 'renew them, and allow them to read it';
  return fault('CredentialsExpired', act, `${wrong} to our credentials`, remedy);
}

function closed(act: HttpAct, wrong: string): PlumblineError {
  return notFound(act, wrong, 'it wants credentials: name a secret as "credentials" of the Repository');
}

export function unreachable(act: HttpAct, wrong: string, remedy: string): PlumblineError {
  return fault('SourceUnreachable', act, wrong, remedy);
}

export function notFound(act: HttpAct, wrong: string, remedy: string): PlumblineError {
  return fault('SourceNotFound', act, wrong, remedy);
}

function fault(code: ErrorCode, { subject, act }: HttpAct, wrong: string, remedy: string): PlumblineError {
  return new PlumblineError([{ code, subject, act, wrong, remedy }]);
}
