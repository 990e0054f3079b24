/** How much an archive may hold: what it unpacks to is in memory, and who packed it may mean ill. */

const MIB = 1024 * 1024;

export interface ArchiveLimits {
  /** Of the archive itself. */
  readonly packedBytes: number;
  /** Of what it unpacks to, headers included. */
  readonly unpackedBytes: number;
  /** Files, folders and links. */
  readonly entries: number;
}

export const ARCHIVE_LIMITS: ArchiveLimits = {
  packedBytes: 64 * MIB,
  // A planner has 1.7 GB, and a few archives may be open at once.
  unpackedBytes: 256 * MIB,
  entries: 20_000,
};

/** Charts: packed as Flux has it (10 MiB), unpacked as helm has it (100 MiB). */
export const CHART_LIMITS: ArchiveLimits = { packedBytes: 10 * MIB, unpackedBytes: 100 * MIB, entries: 20_000 };

/** Returns bytes as people read them: `10 MiB`. */
export function formatMib(bytes: number): string {
  return `${bytes / MIB} MiB`;
}
