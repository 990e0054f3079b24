/** What can go wrong between us and a Git server, in our words. Nothing that was sent stands in any of them. */
import { PlumblineError } from '../../errors.ts';
import type { ErrorCode } from '../../model/problem.ts';
import { notFound } from '../git-objects/not-found.ts';
import {
  CERTIFICATE,
  codeOf,
  PassingFault,
  parseRetryAfter,
  SilenceError,
  UNKNOWN_NAME,
} from '../http/read-failure.ts';

/** Which repository, and what was being done. */
export interface GitAct {
  /** The address. */
  readonly subject: string;
  readonly act: string;
}

/** Returns the fault of a request that got no answer, or not all of one. */
export function faultOfConnection(error: unknown, act: GitAct): PlumblineError | PassingFault {
  if (error instanceof SilenceError) {
    return unreachable(act, `the server gives ${error.message}`, 'check whether it is busy, and the network way to it');
  }
  const code = codeOf(error);
  if (UNKNOWN_NAME.test(code))
    return unreachable(act, `the name of the host is not known (${code})`, 'check the address and the DNS');
  if (CERTIFICATE.test(code)) {
    return unreachable(act, `the certificate of the server is not trusted (${code})`, remedyForCertificate(code));
  }
  const wrong = code === 'ECONNREFUSED' ? 'the host refuses connections' : `the connection failed (${code})`;
  return new PassingFault(unreachable(act, wrong, 'check the address and the network way to it'));
}

function remedyForCertificate(code: string): string {
  if (/ALTNAME|HOSTNAME_MISMATCH/.test(code)) return 'name the host in spec.git.url as its certificate names it';
  if (/EXPIRED|NOT_YET_VALID/.test(code)) return 'renew the certificate of the server';
  return 'if an authority of your own signed it, give the certificate of that authority (PEM) as spec.git.ca; else let the server send the whole chain';
}

/** Returns the fault that an answer's status means. */
export function faultOfStatus(
  { status, headers }: { readonly status: number; readonly headers: Pick<Headers, 'get' | 'has'> },
  act: GitAct,
  hadCredentials: boolean,
): PlumblineError | PassingFault {
  const wrong = `the server answers ${status}`;
  if (status === 401 || status === 403) return hadCredentials ? denied(act, wrong) : closed(act, wrong);
  if (status === 429 || (status === 503 && headers.has('retry-after'))) {
    const throttled = fault('Throttled', act, wrong, 'it is tried again by itself; ask less often if it lasts');
    return new PassingFault(throttled, parseRetryAfter(headers.get('retry-after')));
  }
  if (status >= 500)
    return new PassingFault(unreachable(act, wrong, 'it is tried again by itself; look at the server if it lasts'));
  const remedy = 'check the address; servers also say so of a repository that the credentials may not read';
  return notFound({ ...act, wrong, remedy });
}

function denied(act: GitAct, wrong: string): PlumblineError {
  return fault(
    'CredentialsExpired',
    act,
    `${wrong} to our credentials`,
    'renew them, and allow them to read the repository',
  );
}

function closed(act: GitAct, wrong: string): PlumblineError {
  return notFound({ ...act, wrong, remedy: 'it wants credentials: name a secret as spec.git.credentials' });
}

export function unreachable(act: GitAct, wrong: string, remedy: string): PlumblineError {
  return fault('SourceUnreachable', act, wrong, remedy);
}

function fault(code: ErrorCode, { subject, act }: GitAct, wrong: string, remedy: string): PlumblineError {
  return new PlumblineError([{ code, subject, act, wrong, remedy }]);
}
