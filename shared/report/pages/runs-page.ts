import type { RunSummary } from '../../model/status.ts';
import { html } from './html.ts';
import type { Page } from './page.ts';
import { type RunListOptions, runTable, stageLegend } from './run-list.ts';

/** The last runs that did or found something, newest first, with how long each stage took. */
export function runsPage(runs: readonly RunSummary[], options: RunListOptions): Page {
  return {
    title: 'Runs',
    section: 'runs',
    main: html`<div class="title"><h1>Runs</h1><p>Those that did or found something, newest first.</p></div>
<section class="card" aria-labelledby="list"><header><h2 id="list">${runs.length === 0 ? 'No run yet' : `Last ${runs.length}`}</h2>${stageLegend()}</header>
${runs.length === 0 ? html`<p class="empty">No run has changed anything yet.</p>` : runTable(runs, options)}</section>`,
  };
}
