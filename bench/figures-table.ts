/** Turns what was measured into the rows of bench/README.md: figure, bound, measured, kept or not. */
import type { DistanceFigures } from './measure-distance.ts';
import { medianOf } from './median.ts';
import type { LoopFigures } from './running-loop.ts';

export interface Figures {
  readonly near: DistanceFigures;
  readonly far: DistanceFigures;
  readonly loop: LoopFigures;
  /** `plumbline --help`. */
  readonly helpMs: readonly number[];
}

export interface Row {
  readonly what: string;
  readonly measured: string;
  /** Undefined: no bound is set. */
  readonly bound?: string;
  readonly kept?: boolean;
}

/** Returns the table as Markdown, one row a figure. */
export function formatFigures({ near, far, loop, helpMs }: Figures): string {
  const rows = [
    ...distanceRows(near, { place: 'next to the API server', apply: 1.3, check: 250, plan: 250, change: 350 }),
    ...distanceRows(far, { place: `${far.delayMs} ms each way`, apply: 1.5, check: 400 }),
    timeRow('commit to applied in the running loop, 1,000 objects', loop.commitToAppliedMs, 1_000),
    sizeRow('resident memory of `plumbline serve` after that', loop.megabytes, 200),
    sizeRow('the same at its highest', loop.peakMegabytes),
    timeRow('`plumbline --help`', helpMs, 150),
  ];
  return formatRows('1,000 objects of 4 kinds', rows);
}

/** Returns rows as Markdown; `title` says of what. */
export function formatRows(title: string, rows: readonly Row[]): string {
  return [
    `| ${title} | measured | bound | |`,
    '|---|---|---|---|',
    ...rows.map(({ what, measured, bound = '', kept }) => `| ${what} | ${measured} | ${bound} | ${markOf(kept)} |`),
  ].join('\n');
}

interface Bounds {
  readonly place: string;
  /** Times the raw loop. */
  readonly apply: number;
  readonly check: number;
  readonly plan?: number;
  readonly change?: number;
}

function distanceRows(figures: DistanceFigures, bounds: Bounds): readonly Row[] {
  const { place } = bounds;
  const ratio = medianOf(figures.applyMs) / medianOf(figures.rawMs);
  return [
    { what: `raw loop of server-side applies, ${place}`, measured: formatTimes(figures.rawMs) },
    {
      what: `first apply, ${place} (${figures.applyRequests} requests)`,
      measured: `${formatTimes(figures.applyMs)}: ${ratio.toFixed(2)} x the raw loop`,
      bound: `${bounds.apply} x`,
      kept: ratio <= bounds.apply,
    },
    timeRow(`nothing changed, ${place} (${figures.checkRequests} requests)`, figures.checkMs, bounds.check),
    timeRow(`plan, nothing changed, ${place}`, figures.planMs, bounds.plan),
    timeRow(`one object changed, ${place}`, figures.changeMs, bounds.change),
  ];
}

export function timeRow(what: string, valuesMs: readonly number[], boundMs?: number): Row {
  const measured = formatTimes(valuesMs);
  if (boundMs === undefined) return { what, measured };
  return { what, measured, bound: `${boundMs} ms`, kept: medianOf(valuesMs) <= boundMs };
}

export function sizeRow(what: string, megabytes: number, bound?: number): Row {
  const measured = `${megabytes.toFixed(0)} MB`;
  return bound === undefined ? { what, measured } : { what, measured, bound: `${bound} MB`, kept: megabytes <= bound };
}

/** Returns the median, and how far the others lie. */
export function formatTimes(valuesMs: readonly number[]): string {
  const [lowest, median, highest] = [Math.min(...valuesMs), medianOf(valuesMs), Math.max(...valuesMs)].map(Math.round);
  if (valuesMs.length === 1) return `${median} ms`;
  return `${median} ms (${lowest} to ${highest}, ${valuesMs.length} times)`;
}

function markOf(kept: boolean | undefined): string {
  if (kept === undefined) return '';
  return kept ? '✓' : '✗ missed';
}
