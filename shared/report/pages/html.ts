/**
 * The only way to build HTML. Everything that is put into a template is escaped, except what a template itself made;
 * foreign text can therefore neither open a tag nor leave a quoted attribute (always write `name="${value}"`).
 * Characters that cannot be seen, or that turn the direction of what follows, are shown as escapes: a name must not
 * look like another name. Letters that run from right to left are kept apart by `unicode-bidi` in the style sheet.
 */

const MARKUP: unique symbol = Symbol('html');

/** Markup that `html` made. The key is a symbol of this file: no JSON from a store can pass for it. */
export interface Html {
  readonly [MARKUP]: string;
}

/** `undefined`, `false` and `''` give nothing; the items of a list follow each other. */
export type HtmlValue = Html | string | number | undefined | false | readonly HtmlValue[];

/** C0, C1, DEL, format and direction marks, line separators; tabs and line breaks are harmless in HTML. */
const UNSEEN = /[\p{Cc}\p{Cf}\u2028\u2029]/gu;
const SPECIAL = /[&<>"'`]/g;
const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '`': '&#96;',
};

/** Returns the template with every value escaped. */
export function html(strings: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  let text = strings[0] ?? '';
  values.forEach((value, index) => {
    text += markupOf(value) + (strings[index + 1] ?? '');
  });
  return { [MARKUP]: text };
}

/** Returns the markup as text, to be sent. */
export function printHtml(value: Html): string {
  return value[MARKUP];
}

/** Returns the parts with `separator` between each two. */
export function joinHtml(parts: readonly HtmlValue[], separator: string): Html {
  return html`${parts.map((part, index) => (index === 0 ? part : [separator, part]))}`;
}

function markupOf(value: HtmlValue): string {
  if (typeof value === 'string') return escapeText(value);
  if (typeof value === 'number') return String(value);
  if (value === undefined || value === false) return '';
  return MARKUP in value ? value[MARKUP] : value.map(markupOf).join('');
}

function escapeText(text: string): string {
  return text.replace(UNSEEN, showCharacter).replace(SPECIAL, (character) => ENTITIES[character] ?? '');
}

function showCharacter(character: string): string {
  if (character === '\n' || character === '\t') return character;
  if (character === '\r') return '';
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}
