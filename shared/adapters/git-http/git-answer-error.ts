/** What is wrong with an answer, before it is known to whom it was given: `git-connection.ts` adds the repository. */
export type AnswerFault =
  /** Breaks off, or does not follow the protocol. */
  | 'broken'
  /** Over one of our limits. */
  | 'too-large'
  /** The server does not have, or does not give, an object that was asked for by its id. */
  | 'not-our-ref'
  /** The server says no, with a reason. */
  | 'refused';

export class GitAnswerError extends Error {
  override readonly name = 'GitAnswerError';
  readonly fault: AnswerFault;

  /** @param message what is wrong, lower case, no full stop. */
  constructor(fault: AnswerFault, message: string) {
    super(message);
    this.fault = fault;
  }
}

/** Returns the error for what a server says after `ERR` or on the error channel. */
export function refusal(said: string): GitAnswerError {
  const text = said.trim().replace(/\.$/, '').slice(0, MAX_QUOTED);
  return new GitAnswerError(/not our ref/.test(text) ? 'not-our-ref' : 'refused', text);
}

const MAX_QUOTED = 300;
