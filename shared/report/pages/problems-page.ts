import type { ProblemGroup } from '../problems-text.ts';
import { count } from '../times.ts';
import { html } from './html.ts';
import { markOf } from './marks.ts';
import type { Page } from './page.ts';
import { problemList } from './problem-list.ts';

/** Every problem once, with everywhere it happens and what to do. */
export function problemsPage(groups: readonly ProblemGroup[], mostItems: number = groups.length): Page {
  const heading = groups.length === 0 ? 'No problem' : count(groups.length, 'problem');
  return {
    title: heading,
    section: 'problems',
    main: html`<div class="title"><h1>${heading}</h1><p>Each is named once. The last good state of an application stays in place until its fault is mended; the others go on.</p></div>
<section class="card" aria-label="Problems">${groups.length === 0 ? markOf({ tone: 'good', word: 'everything that was looked at is in order' }) : problemList(groups.slice(0, mostItems))}${groups.length > mostItems && html`<p class="more">${count(groups.length - mostItems, 'problem')} more: not shown here.</p>`}</section>`,
  };
}
