import type { ButtonFor } from '../../report/pages/press.ts';
import type { FleetReport } from '../../report/status-text.ts';
import type { BlobReader, Source, StateStore } from '../ports.ts';

/** What pages are made from; all of it is only read. */
export interface PageDeps {
  readonly state: StateStore;
  readonly blobs: BlobReader;
  /** The fleet repository. Absent: commits are the heads that the planner saw. */
  readonly source?: Source;
  readonly fleet: { readonly name: string; readonly branch: string };
  /** The text of docs/runbook.md. */
  readonly readRunbook: () => Promise<string>;
  /** Absent: nothing can be pressed. */
  readonly buttonFor?: ButtonFor;
  /** For a page whose size has a limit; what is left out is counted on it. Absent: everything that there is. */
  readonly bounds?: { readonly cells: number; readonly items: number };
}

/** What is read once for every page. */
export interface Known {
  readonly report: FleetReport;
  readonly nowMs: number;
}
