/** The sign of Plumbline: a plumb line. It hangs true when the fleet does, and swings out with what is not. */
import { type Html, html } from './html.ts';

const MOST_DEGREES = 24;

/** Returns the line with its bob, `off` from 0 (true) to 1 (nothing is) turned into an angle. Decoration only. */
export function bobOf(off: number, className: string): Html {
  const degrees = off === 0 ? 0 : -Math.round(6 + off * (MOST_DEGREES - 6));
  return html`<svg class="${className}" viewBox="0 0 48 64" aria-hidden="true" focusable="false"><path class="plumb" d="M24 3v58"/><g transform="rotate(${degrees} 24 3)"><path class="line" d="M24 3v31"/><path class="bob" d="M19.5 33h9v4.5l5 5.5-7.6 15.4q-1.9 3.6-3.8 0L14.5 43l5-5.5z"/></g><path class="pivot" d="M15 3h18"/></svg>`;
}
