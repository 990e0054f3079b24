/** How much and how long: what keeps a server, or who declares one, from taking the planner down. */

export const MIB = 1024 * 1024;

export interface HttpLimits {
  /** The longest silence of a server, before and within an answer. */
  readonly silenceMs: number;
  /** The longest time for one answer. */
  readonly answerMs: number;
  /** How long to wait before each further try; their number is the number of tries after the first. */
  readonly retryWaitsMs: readonly number[];
  /** A server that asks for more patience than this is left alone until the next look. */
  readonly longestWaitMs: number;
}

export const HTTP_LIMITS: HttpLimits = {
  silenceMs: 20_000,
  // A run has 300 s.
  answerMs: 120_000,
  // Outlasts a server's restart of a worker.
  retryWaitsMs: [250, 500, 1_000],
  longestWaitMs: 8_000,
};
