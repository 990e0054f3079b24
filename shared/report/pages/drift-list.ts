/** What was changed behind the back of Git: what, by whom, when, and what was done. Values of secrets are masked here. */
import type { DriftedField } from '../../model/drift.ts';
import type { Json } from '../../model/json.ts';
import { formatRef } from '../../model/object-ref.ts';
import type { SeenDrift } from '../../model/status.ts';
import { type Fight, ignoreRuleFor } from '../drift-fights.ts';
import { describeDrift, newestByObject } from '../drift-text.ts';
import { maskDrift } from '../mask.ts';
import { clip } from '../terminal.ts';
import { count } from '../times.ts';
import { formatValue } from '../values.ts';
import { type Html, html } from './html.ts';
import { shapeOf, type Tone } from './marks.ts';
import { ago } from './moments.ts';
import { applicationPath, clusterPath } from './paths.ts';

const VALUE_WIDTH = 160;
const ACT_TONES: Readonly<Record<SeenDrift['act'], Tone>> = { healed: 'good', reported: 'warn', failed: 'bad' };
const ACT_WORDS: Readonly<Record<SeenDrift['act'], string>> = {
  healed: 'healed',
  reported: 'reported only',
  failed: 'healing failed',
};

/** Returns the newest drift of each object, the newest first. */
export function driftList(drifts: readonly SeenDrift[], nowMs: number): Html {
  const newestFirst = drifts.map(maskDrift).sort((a, b) => b.seenAtMs - a.seenAtMs);
  return html`<ul class="drifts">${newestByObject(newestFirst).map(({ drift, times }) => entryOf(drift, times, nowMs))}</ul>`;
}

/** Returns what keeps coming back, each with the rule that ends it. */
export function fightList(fights: readonly Fight[]): Html {
  return html`${fights.map(
    (fight) => html`<section class="banner warn" aria-label="Keeps coming back">${shapeOf('warn')}<div>
<p><b>Keeps coming back.</b> ${fight.manager} has taken <code>${fight.path}</code> of <code>${formatRef(fight.ref)}</code> in <a href="${clusterPath(fight.cluster)}">${fight.cluster}</a> ${count(fight.times, 'time')} lately; healing gets rarer.</p>
<p>To leave it to ${fight.manager}, add to Application <a href="${applicationPath(fight.cluster, fight.application)}">${fight.application}</a></p>
<pre><code>${ignoreRuleFor(fight)}</code></pre></div></section>`,
  )}`;
}

function entryOf(drift: SeenDrift, times: number, nowMs: number): Html {
  const { cluster, application, ref, act, seenAtMs, fields } = drift;
  return html`<li class="drift-entry"><header>
<h3><code>${formatRef(ref)}</code></h3>
<p class="quiet"><a href="${clusterPath(cluster)}">${cluster}</a> / <a href="${applicationPath(cluster, application)}">${application}</a></p>
<p class="state ${ACT_TONES[act]}">${shapeOf(ACT_TONES[act])}<span>${ACT_WORDS[act]} <span class="quiet">${ago(seenAtMs, nowMs)}</span></span></p>
</header>
<p class="quiet">${describeDrift(drift)}${times > 1 && `; seen ${times} times`}</p>
${fields.length > 0 && fieldTable(fields, nowMs)}</li>`;
}

function fieldTable(fields: readonly DriftedField[], nowMs: number): Html {
  return html`<table class="stack fields">
<thead><tr><th scope="col">Field</th><th scope="col">Git says</th><th scope="col">was found</th><th scope="col">by</th></tr></thead>
<tbody>${fields.map(
    (field) =>
      html`<tr><th scope="row"><code>${field.path}</code></th><td data-name="Git says">${shownValue(field.wanted)}</td><td data-name="was found">${shownValue(field.found)}</td><td data-name="by"><span>${culpritOf(field, nowMs)}</span></td></tr>`,
  )}</tbody></table>`;
}

function shownValue(value: Json | undefined): Html {
  return value === undefined
    ? html`<span class="quiet">(none)</span>`
    : html`<code>${clip(formatValue(value), VALUE_WIDTH)}</code>`;
}

function culpritOf({ manager, operation, since }: DriftedField, nowMs: number): Html {
  if (manager === undefined) return html`<span class="quiet">removed; by whom is not recorded</span>`;
  const sinceMs = Date.parse(since ?? '');
  return html`<b>${manager}</b>${operation === 'Apply' && ' (server-side apply)'}${!Number.isNaN(sinceMs) && html` <span class="quiet">${ago(sinceMs, nowMs)}</span>`}`;
}
