/**
 * Partition keys of the state table, for permissions: what shared/adapters/dynamodb/item-keys.ts writes, `*` where it
 * puts a shard or a cluster. test/infra compares the two.
 */
export const PARTITIONS = {
  /** The fleet's item, and one a cluster. */
  fleet: (fleet: string) => `FLEET#${fleet}`,
  applications: (fleet: string) => `APPLICATIONS#${fleet}#*`,
  texts: (fleet: string) => `TEXTS#${fleet}`,
  /** Of the index of what is due. */
  due: (fleet: string) => `DUE#${fleet}#*`,
  /** Nothing is stored there: asking for it tells the table's time. */
  clock: () => 'CLOCK',
} as const;
