/** Pages that say one thing: not found, or not readable at the moment. */
import type { Problem } from '../../model/problem.ts';
import { groupProblems } from '../problems-text.ts';
import { html } from './html.ts';
import type { Page } from './page.ts';
import { FLEET_PATH } from './paths.ts';
import { problemList } from './problem-list.ts';

/** `what` names what is not there: `cluster prod-eu`. */
export function notFoundPage(what: string): Page {
  return {
    title: 'Not found',
    section: 'none',
    main: html`<div class="title"><h1>There is no ${what}</h1><p>It may have been removed or renamed in Git. <a href="${FLEET_PATH}">To the fleet</a></p></div>`,
  };
}

/** Says why a page cannot be shown; the clusters are kept true all the same. */
export function failedPage(problems: readonly Problem[]): Page {
  return {
    title: 'Cannot be shown',
    section: 'none',
    main: html`<div class="title"><h1>This page cannot be shown now</h1><p>Reading what it shows failed. <a href="">Try again</a></p></div>
<section class="card" aria-label="Problems">${problemList(groupProblems(problems.map((problem) => ({ problem }))))}</section>`,
  };
}
