/** What people should know of a fleet and need not mend: clusters that were left behind, and notes of the plan. */
import type { FleetStatus, LeftCluster } from '../../model/status.ts';
import { count } from '../times.ts';
import { type Html, html } from './html.ts';
import { ago } from './moments.ts';

const APPLICATIONS_SHOWN = 5;

/** Returns the cards; nothing where there is nothing to say. */
export function fleetNotes({ left = [], notes = [] }: FleetStatus, nowMs: number): readonly Html[] {
  return [
    ...(left.length > 0 ? [leftBehind(left, nowMs)] : []),
    ...(notes.length > 0
      ? [
          html`<section class="card" aria-label="Notes"><ul>${notes.map((note) => html`<li>${note}</li>`)}</ul></section>`,
        ]
      : []),
  ];
}

function leftBehind(left: readonly LeftCluster[], nowMs: number): Html {
  const are = left.length === 1 ? 'is' : 'are';
  return html`<section class="card" aria-labelledby="left"><header><h2 id="left">${count(left.length, 'cluster')} ${are} declared no longer</h2><p>What stands in them stays, and nobody looks after it.</p></header>
<table class="stack">
<thead><tr><th scope="col">Cluster</th><th scope="col">Applications</th><th scope="col" class="num">Objects</th><th scope="col" class="num">Since</th></tr></thead>
<tbody>${left.map((one) => leftRow(one, nowMs))}</tbody></table></section>`;
}

function leftRow({ cluster, applications, objects, sinceMs }: LeftCluster, nowMs: number): Html {
  const hidden = applications.length - APPLICATIONS_SHOWN;
  const names = applications.slice(0, APPLICATIONS_SHOWN).join(', ') + (hidden > 0 ? ` and ${hidden} more` : '');
  return html`<tr><th scope="row">${cluster}</th><td data-name="Applications"><span>${names}</span></td>
<td data-name="Objects" class="num">${objects}</td><td data-name="Since" class="num">${ago(sinceMs, nowMs)}</td></tr>`;
}
