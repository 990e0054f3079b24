/**
 * The alarms, by the name that ends theirs in CloudWatch and is the anchor of their article in docs/runbook.md, with
 * what they mean in one sentence.
 */
export const ALARMS = {
  'dead-letters': 'a message was set aside: it could not be worked on',
  'oldest-message': 'a nudge has waited for 15 minutes: workers do not keep up, or fail',
  'function-errors': 'a function ended with an error, again within 15 minutes',
  'clusters-lost': 'at least one cluster has been out of reach for 30 minutes',
  'sync-lag': 'a commit took more than 15 minutes to reach a cluster',
  'drift-returns': 'the same fields are healed again and again: someone else keeps changing them',
  'sweep-missed': 'no sweep for 5 minutes: nothing that is due is found',
  'table-throttled': 'DynamoDB asked the state table to wait',
  'api-throttled': 'AWS or API servers asked to wait, more than 100 times in 15 minutes',
  'bug-found': 'something that cannot be has happened: a bug in Plumbline',
} as const;

export type AlarmName = keyof typeof ALARMS;
