/** A week of drift as bars of six hours: what was healed is filled, what was only reported is hollow, what failed is striped. */
import type { SeenDrift } from '../../model/status.ts';
import { count } from '../times.ts';
import { type Html, html } from './html.ts';
import { exactTime } from './moments.ts';

const HOUR_MS = 3_600_000;
const BAR_MS = 6 * HOUR_MS;
const DAY_MS = 24 * HOUR_MS;
const BARS = 28;
const HEIGHT = 72;
const ACTS: readonly SeenDrift['act'][] = ['healed', 'reported', 'failed'];

/** Returns the chart of the seven days until now; days are of UTC. */
export function driftWeek(drifts: readonly SeenDrift[], nowMs: number): Html {
  const endMs = Math.ceil(nowMs / BAR_MS) * BAR_MS;
  const startMs = endMs - BARS * BAR_MS;
  const bars = [...Array(BARS).keys()].map((index) => {
    const fromMs = startMs + index * BAR_MS;
    return drifts.filter(({ seenAtMs }) => seenAtMs >= fromMs && seenAtMs < fromMs + BAR_MS);
  });
  const highest = Math.max(4, ...bars.map((bar) => bar.length));
  const week = bars.flat();
  const words = ACTS.map((act) => `${countOf(week, act)} ${act}`).join(', ');
  return html`<figure class="week"><svg width="100%" height="${HEIGHT + 20}" role="img" aria-label="drift in seven days: ${words}">
<defs><pattern id="stripes" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect class="drift failed" width="2.6" height="5"/></pattern></defs>
${dayLines(startMs, endMs)}${bars.map((bar, index) => drawBar(bar, { index, highest, fromMs: startMs + index * BAR_MS }))}<line class="base" x1="0" x2="100%" y1="${HEIGHT}" y2="${HEIGHT}"/>
</svg>
<figcaption><ul class="legend">${ACTS.map((act) => html`<li><svg class="swatch" width="12" height="12" aria-hidden="true">${drawPart(act, { x: 0.75, y: 0.75, width: 10.5, height: 10.5 })}</svg> ${act} ${countOf(week, act)}</li>`)}</ul></figcaption></figure>`;
}

function drawBar(
  bar: readonly SeenDrift[],
  { index, highest, fromMs }: { readonly index: number; readonly highest: number; readonly fromMs: number },
): Html | undefined {
  if (bar.length === 0) return undefined;
  const unit = (HEIGHT - 4) / highest;
  let y = HEIGHT;
  const parts = ACTS.map((act) => {
    const height = countOf(bar, act) * unit;
    y -= height;
    return height > 0 && drawPart(act, { x: 0, y: y + 1, width: 100, height: height - 2 }, '%');
  });
  const title = `${count(bar.length, 'drift')} in the six hours from ${exactTime(fromMs)}`;
  return html`<svg x="${((100 / BARS) * (index + 0.14)).toFixed(2)}%" width="${((100 / BARS) * 0.72).toFixed(2)}%" height="${HEIGHT}" overflow="visible"><title>${title}</title>${parts}</svg>`;
}

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

function drawPart(act: SeenDrift['act'], { x, y, width, height }: Box, unit = ''): Html {
  const box = html`x="${x}" y="${y.toFixed(1)}" width="${width}${unit}" height="${height.toFixed(1)}" rx="1.5"`;
  return html`<rect class="drift ${act}"${act === 'failed' && html` fill="url(#stripes)"`} ${box}/>`;
}

function dayLines(startMs: number, endMs: number): Html {
  const firstMs = Math.ceil(startMs / DAY_MS) * DAY_MS;
  const days = [...Array(7).keys()].map((index) => firstMs + index * DAY_MS).filter((dayMs) => dayMs < endMs);
  return html`${days.map((dayMs) => {
    const x = `${((100 * (dayMs - startMs)) / (endMs - startMs)).toFixed(2)}%`;
    return html`<line class="tick" x1="${x}" x2="${x}" y1="0" y2="${HEIGHT + 18}"/><svg x="${x}" overflow="visible"><text x="5" y="${HEIGHT + 15}">${exactTime(dayMs).slice(5, 10)}</text></svg>`;
  })}`;
}

function countOf(drifts: readonly SeenDrift[], act: SeenDrift['act']): number {
  return drifts.filter((drift) => drift.act === act).length;
}
