/** What no measurement and no template says; each stands on the page. */
export const ASSUMPTIONS = {
  hoursAMonth: 730,
  /** Each changes one application, in every cluster: of ten applications, each is deployed every other day. */
  pushesADay: 5,
  /** Runs after a change that only look whether everything has become healthy, per cluster. */
  followUps: 3,
  /** From a function to AWS or to an API server and back, one after the other; measured is what the processor does. */
  requestMs: 10,
  /** One processor's worth of memory: with less, the same work takes longer. */
  megabytesAProcessor: 1769,
  /** How long Lambda keeps a process at most. */
  processHours: 2,
  /** A process asks so often whether the two blobs that a run would write are still there. */
  blobMinutes: 15,
  blobsAsked: 2,
  /** Lambda looks into an idle queue: five at a time, each waiting 20 s. */
  pollsAMinute: 15,
  /** A sweep sends so many nudges with one request. */
  nudgesASend: 10,
  /** X-Ray's default rule: one a second, and of the rest one in twenty. */
  tracesASecond: 1,
  tracedShare: 0.05,
} as const;

export const MINUTES_A_MONTH = ASSUMPTIONS.hoursAMonth * 60;
