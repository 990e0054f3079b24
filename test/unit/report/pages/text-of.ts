import { type Html, printHtml } from '../../../../shared/report/pages/html.ts';

/** Returns what one reads of the markup: no tags, blanks drawn together, what is said for a drawing left out. */
export function textOf(markup: Html): string {
  return printHtml(markup)
    .replace(/<title>[^<]*<\/title>/g, '')
    .replace(/<[^>]*>/g, ' ')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replace(/\s+/g, ' ')
    .trim();
}
