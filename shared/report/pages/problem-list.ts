/** Problems as pages show them: each once, where it happens, what to do, and the article that says more. */
import { FAULT_OF, type Fault, type Problem } from '../../model/problem.ts';
import type { ProblemGroup } from '../problems-text.ts';
import { WITHOUT_REMEDY } from '../problems-text.ts';
import { count } from '../times.ts';
import { type Html, html } from './html.ts';
import { shapeOf } from './marks.ts';
import { articlePath, PROBLEMS_PATH } from './paths.ts';

const SHORT_SHOWN = 4;
const PLACES_SHOWN = 3;

const FAULTS: Readonly<Record<Fault, string>> = {
  declaration: 'what is declared is wrong; the last good state stays in place',
  cluster: 'in the cluster; it is tried again by itself',
  platform: 'something could not be reached; it is tried again by itself',
  bug: 'a fault of Plumbline',
};

/** Returns every problem in full; `actOn` gives what can be done about one here. */
export function problemList(
  groups: readonly ProblemGroup[],
  actOn: (problem: Problem) => Html | undefined = () => undefined,
): Html {
  return html`<ul class="problems">${groups.map(
    ({ problem, places }) => html`<li class="problem">${shapeOf('bad')}<div>
<h2>${problem.code} <span class="quiet">${FAULTS[FAULT_OF[problem.code]]}</span></h2>
${wrongOf(problem)}
<dl class="pairs">
${places.length > 0 && html`<dt>where</dt><dd>${nearestPlaces(places).join(', ')}</dd>`}
<dt>to do</dt><dd class="text">${remedyOf(problem)}</dd>
<dt>more</dt><dd><a href="${articlePath(problem.code)}">${problem.code} in the runbook</a></dd>
</dl>${actOn(problem)}</div></li>`,
  )}</ul>`;
}

/** Returns the first problems, and how many more there are. */
export function problemsInShort(groups: readonly ProblemGroup[]): Html {
  const hidden = groups.length - SHORT_SHOWN;
  return html`<ul class="problems short">${groups.slice(0, SHORT_SHOWN).map(
    ({ problem, places }) => html`<li class="problem">${shapeOf('bad')}<div>
<h3>${problem.code}${places.length > 0 && html` <span class="quiet">${placesInShort(places)}</span>`}</h3>
${wrongOf(problem)}
<p class="text todo">${remedyOf(problem)}</p></div></li>`,
  )}</ul>
<p class="more"><a href="${PROBLEMS_PATH}">${hidden > 0 ? `${count(hidden, 'problem')} more` : 'All that is known of them'}</a></p>`;
}

function wrongOf({ subject, act, wrong }: Problem): Html {
  return html`<p class="text"><code>${subject}</code> ${act}: ${wrong}</p>`;
}

function placesInShort(all: readonly string[]): string {
  const places = nearestPlaces(all);
  const hidden = places.length - PLACES_SHOWN;
  return `${places.slice(0, PLACES_SHOWN).join(', ')}${hidden > 0 ? ` and ${hidden} more` : ''}`;
}

/** A cluster counts the problems of its applications as its own: the application says more. */
function nearestPlaces(places: readonly string[]): readonly string[] {
  return places.filter((place) => !places.some((other) => other.startsWith(`${place} / `)));
}

function remedyOf({ code, remedy }: Problem): string {
  return remedy === '' ? WITHOUT_REMEDY[FAULT_OF[code]] : remedy;
}
