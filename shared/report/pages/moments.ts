/** Times as pages show them: relative, with the exact time on hover and for machines. */
import { formatAge } from '../times.ts';
import { type Html, html } from './html.ts';

/** The range of a Date; a cluster may say anything. */
const LATEST_MS = 8.64e15;

/** Returns `<time>` that reads `3 m ago`. */
export function ago(timeMs: number, nowMs: number): Html {
  return moment(timeMs, `${formatAge(nowMs - timeMs)} ago`);
}

/** Returns `<time>` that reads `3 m`: since when something is so. */
export function since(timeMs: number, nowMs: number): Html {
  return moment(timeMs, formatAge(nowMs - timeMs));
}

/** Returns the exact time: `2026-11-21 10:02:11Z`. */
export function exactTime(timeMs: number): string {
  return `${isoOf(timeMs).slice(0, 19).replace('T', ' ')}Z`;
}

function moment(timeMs: number, text: string): Html {
  if (!isTime(timeMs)) return html`<span>at an unknown time</span>`;
  return html`<time datetime="${isoOf(timeMs)}" title="${exactTime(timeMs)}">${text}</time>`;
}

function isTime(timeMs: number): boolean {
  return Math.abs(timeMs) <= LATEST_MS;
}

function isoOf(timeMs: number): string {
  return new Date(timeMs).toISOString();
}
