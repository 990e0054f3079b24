/**
 * An article of docs/runbook.md as a page. It reads the little Markdown that the runbook uses (paragraphs, lists,
 * tables, code spans, bold); whatever else stands there is shown as it is written.
 */
import { type Html, html } from './html.ts';
import type { Page } from './page.ts';
import { PROBLEMS_PATH } from './paths.ts';

/** Returns the article of a code in any case; undefined: there is none. */
export function articlePage(runbook: string, code: string): Page | undefined {
  const article = runbook
    .split(/^(?=#{1,2} )/m)
    .find((part) => part.startsWith('## ') && titleOf(part).toLowerCase() === code.toLowerCase());
  if (article === undefined) return undefined;
  const title = titleOf(article);
  const blocks = article
    .split('\n')
    .slice(1)
    .join('\n')
    .trim()
    .split(/\n{2,}/);
  return {
    title,
    section: 'problems',
    main: html`<div class="title"><ol class="crumbs" aria-label="Path"><li><a href="${PROBLEMS_PATH}">Problems</a></li></ol><h1>${title}</h1></div>
<article class="card prose">${blocks.map(blockOf)}</article>`,
  };
}

function titleOf(article: string): string {
  return article.slice(3, Math.max(3, article.indexOf('\n'))).trim();
}

const ITEM = /^(- |\d+\. )/;

function blockOf(block: string): Html {
  const lines = block.split('\n');
  const firstItem = lines.findIndex((line) => ITEM.test(line));
  if (lines[0]?.startsWith('|')) return tableOf(lines);
  if (firstItem < 0) return html`<p>${inline(block)}</p>`;
  const lead = lines.slice(0, firstItem).join('\n');
  return html`${lead !== '' && html`<p>${inline(lead)}</p>`}${listOf(lines.slice(firstItem))}`;
}

function listOf(lines: readonly string[]): Html {
  const items = lines
    .filter((line) => line.trim() !== '')
    .map((line) => html`<li>${inline(line.replace(ITEM, ''))}</li>`);
  return lines[0]?.startsWith('- ') ? html`<ul>${items}</ul>` : html`<ol>${items}</ol>`;
}

function tableOf([head = '', , ...rows]: readonly string[]): Html {
  const cells = (row: string) => row.replace(/^\||\|$/g, '').split('|');
  return html`<table><thead><tr>${cells(head).map((cell) => html`<th scope="col">${inline(cell.trim())}</th>`)}</tr></thead>
<tbody>${rows.map((row) => html`<tr>${cells(row).map((cell) => html`<td>${inline(cell.trim())}</td>`)}</tr>`)}</tbody></table>`;
}

/** `[text](place)`: where it leads to is not on this server. */
const LINK = /\[([^\]]+)\]\([^)]*\)/g;

/** Every second part stands between backticks; in the others, every second between double asterisks. */
function inline(marked: string): Html {
  const text = marked.replaceAll(LINK, '$1');
  const strong = (plain: string) =>
    html`${plain.split('**').map((part, index) => (index % 2 === 1 ? html`<strong>${part}</strong>` : part))}`;
  return html`${text.split('`').map((part, index) => (index % 2 === 1 ? html`<code>${part}</code>` : strong(part)))}`;
}
