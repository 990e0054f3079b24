import { PlumblineError } from '../errors.ts';
import { type PeopleRequest, parsePeopleRequest } from '../model/people-request.ts';

/** Returns what is asked for. @throws {MessageInvalid} when it is nothing that can be done. */
export function readPeopleRequest(value: unknown): PeopleRequest {
  const parsed = parsePeopleRequest(value);
  if (!('wrong' in parsed)) return parsed;
  const remedy =
    'send {"act": "reconcile | suspend | resume | approve", "cluster", "application", "refusal", "revision", "by"}';
  throw new PlumblineError([
    { code: 'MessageInvalid', subject: 'request', act: 'read what is asked for', wrong: parsed.wrong, remedy },
  ]);
}
