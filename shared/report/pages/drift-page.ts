import type { SeenDrift } from '../../model/status.ts';
import { findFights } from '../drift-fights.ts';
import { count } from '../times.ts';
import { driftList, fightList } from './drift-list.ts';
import { driftWeek } from './drift-week.ts';
import { html } from './html.ts';
import type { Page } from './page.ts';

const ENTRIES_SHOWN = 400;

/** Drift of the whole fleet: fights first, a week of it as a chart, then the newest of each object. */
export function driftPage(drifts: readonly SeenDrift[], nowMs: number, mostItems = ENTRIES_SHOWN): Page {
  const objects = new Set(drifts.map(({ cluster, ref }) => `${cluster} ${ref.kind} ${ref.namespace} ${ref.name}`)).size;
  const heading = drifts.length === 0 ? 'No drift was seen' : `${count(objects, 'object')} drifted`;
  return {
    title: heading,
    section: 'drift',
    main: html`<div class="title"><h1>${heading}</h1><p>Live objects that someone changed although Git did not.</p></div>
${fightList(findFights(drifts, nowMs))}
${
  drifts.length > 0 &&
  html`<section class="card" aria-labelledby="week"><h2 id="week">Seven days</h2>${driftWeek(drifts, nowMs)}</section>
<section class="card" aria-labelledby="drifts"><h2 id="drifts">What changed</h2>${driftList(drifts.slice(0, mostItems), nowMs)}${drifts.length > mostItems && html`<p class="more">Only the last ${mostItems} of ${drifts.length} are shown here.</p>`}</section>`
}`,
  };
}
