/** What the API server answered to one request that it refused: its `Status` object, as far as we read it. */
export interface ApiRefusal {
  readonly status: number;
  readonly reason: string;
  readonly message: string;
  readonly causes: readonly { readonly reason: string; readonly message: string; readonly field: string }[];
  readonly retryAfterMs?: number;
}
