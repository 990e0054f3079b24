import { READING_VALUES } from '../../model/gathering.ts';
import type { Problem } from '../../model/problem.ts';
import { awsErrorName, awsFault, isDenied, isExpired } from './aws-fault.ts';

/**
 * Returns why a value could not be read, in words that are the same each time: they stand in what a cluster should look
 * like, which changes with them.
 */
export function valueRefusal(error: unknown, subject: string, remedyOfDenied: string): Problem {
  const act = READING_VALUES;
  const [found] = awsFault(error, { subject, act, code: 'SourceUnreachable' }).problems;
  const wrong = (found?.wrong ?? awsErrorName(error)).replace(NEW_EACH_TIME, '').trim();
  if (isDenied(error)) return { code: 'Forbidden', subject, act, wrong, remedy: remedyOfDenied };
  const remedy = found?.remedy ?? '';
  if (isExpired(error)) return { code: 'CredentialsExpired', subject, act, wrong, remedy };
  return { code: found?.code ?? 'SourceUnreachable', subject, act, wrong, remedy };
}

/** What services add for their own logs. */
const NEW_EACH_TIME = /\s*\((?:Service|Request ID):[^)]*\)|;? ?Request ?ID:? ?[\w-]+/gi;
