/**
 * What AWS takes, in dollars, in us-east-1, without free tiers. As of 2026-11-21. `read`: on a page that quotes AWS's own
 * price list; `memory`: known by heart and looked up nowhere, so look before you rely on it.
 */
export interface Price {
  readonly usd: number;
  /** For so many of `unit`. */
  readonly per: number;
  readonly unit: string;
  readonly from: 'read' | 'memory';
}

export const PRICES_AS_OF = '2026-11-21';

export const PRICES = {
  lambdaRequest: { usd: 0.2, per: 1e6, unit: 'requests', from: 'read' },
  lambdaArm: { usd: 0.0000133334, per: 1, unit: 'GB-s, arm64', from: 'read' },
  lambdaX86: { usd: 0.0000166667, per: 1, unit: 'GB-s, x86_64', from: 'read' },
  sqsRequest: { usd: 0.4, per: 1e6, unit: 'requests of 64 KB', from: 'read' },
  /** A message with a group in a standard queue. */
  sqsFair: { usd: 0.1, per: 1e6, unit: 'messages with a group', from: 'read' },
  tableRead: { usd: 0.125, per: 1e6, unit: 'read units', from: 'memory' },
  tableWrite: { usd: 0.625, per: 1e6, unit: 'write units', from: 'memory' },
  tableStorage: { usd: 0.25, per: 1, unit: 'GB-months', from: 'memory' },
  tableRecovery: { usd: 0.2, per: 1, unit: 'GB-months of point-in-time recovery', from: 'memory' },
  bucketWrite: { usd: 0.005, per: 1e3, unit: 'PUT, COPY and LIST requests', from: 'memory' },
  bucketRead: { usd: 0.0004, per: 1e3, unit: 'GET and HEAD requests', from: 'memory' },
  bucketStorage: { usd: 0.023, per: 1, unit: 'GB-months', from: 'memory' },
  key: { usd: 1, per: 1, unit: 'keys', from: 'memory' },
  keyRequest: { usd: 0.03, per: 1e4, unit: 'requests', from: 'memory' },
  event: { usd: 1, per: 1e6, unit: 'events of ours', from: 'memory' },
  log: { usd: 0.5, per: 1, unit: 'GB taken in', from: 'memory' },
  logStorage: { usd: 0.03, per: 1, unit: 'GB-months kept', from: 'memory' },
  metric: { usd: 0.3, per: 1, unit: 'metrics', from: 'memory' },
  /** One for each metric that an alarm looks at. */
  alarm: { usd: 0.1, per: 1, unit: 'metrics alarmed', from: 'memory' },
  dashboard: { usd: 3, per: 1, unit: 'dashboards', from: 'memory' },
  secret: { usd: 0.4, per: 1, unit: 'secrets', from: 'memory' },
  secretRequest: { usd: 0.05, per: 1e4, unit: 'requests', from: 'memory' },
  trace: { usd: 5, per: 1e6, unit: 'traces recorded', from: 'memory' },
} as const satisfies Readonly<Record<string, Price>>;

export type PriceName = keyof typeof PRICES;

/**
 * The EKS Capability for Argo CD, by the hour; an Application counts once for each cluster it stands in. From a price list
 * of us-east-2 that was captured in May 2026.
 */
export const ARGO_CD = { capabilityHour: 0.02771, applicationHour: 0.00136 } as const;
