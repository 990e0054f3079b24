/** Settings that every AWS client of ours is made with. Where an endpoint is other than AWS's own, the SDK reads AWS_ENDPOINT_URL. */

/** Waiting longer for an answer that is nearly always there in 20 ms would only use up a run's time. */
const CONNECT_TIMEOUT_MS = 1_000;
const ANSWER_TIMEOUT_MS = 5_000;
/** One try and four more: about 1.5 s of back-off, which outlasts the bursts that services throttle. */
const TRIES = 5;

export interface ClientPlace {
  /** Undefined: the region of the environment. */
  readonly region?: string;
}

/** Returns the constructor's argument for a client: time-outs, tries and, if it is another than our own, the region. */
export function clientSettings({ region }: ClientPlace = {}) {
  return {
    maxAttempts: TRIES,
    requestHandler: {
      connectionTimeout: CONNECT_TIMEOUT_MS,
      requestTimeout: ANSWER_TIMEOUT_MS,
      throwOnRequestTimeout: true,
    },
    ...(region === undefined ? {} : { region }),
  } as const;
}
