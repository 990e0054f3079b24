/** How much and how long: every number that keeps a Git server, or who writes to it, from taking the planner down. */

const MB = 1024 * 1024;

export interface GitLimits {
  /** Bytes of one answer. */
  readonly wireBytes: number;
  /** Bytes of all objects of one answer, unpacked. */
  readonly unpackedBytes: number;
  /** Bytes of one object, unpacked. */
  readonly objectBytes: number;
  /** The longest silence of a server, before and within an answer. */
  readonly silenceMs: number;
  /** The longest time for one answer. */
  readonly answerMs: number;
  /** How long to wait before each further try; their number is the number of tries after the first. */
  readonly retryWaitsMs: readonly number[];
  /** A server that asks for more patience than this is left alone until the next look. */
  readonly longestWaitMs: number;
}

export const GIT_LIMITS: GitLimits = {
  // A planner has 1 GB; what it keeps of an answer is about the size of the answer. A commit of 5,000 manifests is 1 MB.
  wireBytes: 256 * MB,
  // Nothing is unpacked for longer than it is looked at, so this bounds time (about 2 s), not memory.
  unpackedBytes: 512 * MB,
  // Held whole in memory while it is hashed. What Kubernetes takes as one object is below 2 MB.
  objectBytes: 64 * MB,
  // Counting the objects of a large repository keeps a server silent for some seconds.
  silenceMs: 20_000,
  // A run has 300 s.
  answerMs: 120_000,
  // Outlasts a server's restart of a worker, and the lag of a replica behind the event about a push (3.75 s in all).
  retryWaitsMs: [250, 500, 1_000, 2_000],
  longestWaitMs: 8_000,
};
