/** Every request to AWS, for the fault suite, the figures and the cost page. */
export interface LoggedRequest {
  readonly atMs: number;
  /** The function's name, or the role's that someone else used. */
  readonly caller: string;
  readonly service: string;
  readonly operation: string;
  readonly resources: readonly string[];
  /** HTTP status; 0: the caller got no answer. */
  readonly status: number;
  readonly durationMs: number;
  readonly requestBytes: number;
  readonly responseBytes: number;
  /** Why it was refused here, or what fault hit it. */
  readonly note?: string;
}

export class RequestLog {
  readonly entries: LoggedRequest[] = [];

  add(entry: LoggedRequest): void {
    this.entries.push(entry);
  }

  /** Number of requests by `caller service:operation`, since a length of `entries`. */
  counts(since = 0): ReadonlyMap<string, number> {
    const counts = new Map<string, number>();
    for (const { caller, service, operation } of this.entries.slice(since)) {
      const name = `${caller} ${service}:${operation}`;
      counts.set(name, (counts.get(name) ?? 0) + 1);
    }
    return counts;
  }
}
