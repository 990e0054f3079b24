import type { Html } from './html.ts';

/** What all pages know of the fleet they belong to. */
export interface PageContext {
  readonly fleet: string;
  readonly branch: string;
  /** Undefined: not even the time could be read. */
  readonly nowMs?: number;
  /** For the navigation. */
  readonly problems: number;
}

/** A page without its frame: what a dashboard widget would show too. */
export interface Page {
  /** Of the browser's tab; the fleet's name is added. */
  readonly title: string;
  /** Which entry of the navigation it belongs to. */
  readonly section: 'fleet' | 'drift' | 'runs' | 'problems' | 'none';
  readonly main: Html;
}
