/**
 * `lookup` of a template, answered without a cluster: Helm alone would silently find nothing. Each call becomes one of a
 * template of ours that knows the objects which the application lists; it fails for all others. Lines stay where they
 * are, and the objects, which may be Secrets, stay out of the expressions that Helm prints in its errors.
 */
import { type Gathered, objectsAt } from '../../model/gathered.ts';
import { stringifyJson } from '../../model/json-text.ts';
import type { KubeObject } from '../../model/kube-object.ts';
import type { ObjectReference } from '../../model/render-settings/values-from.ts';
import { actionsOf, positionIn, type Token } from './template-actions.ts';
import { toToml } from './toml.ts';

/** Name of our template, and the start of what it fails with. */
const ANSWER = 'plumbline.lookup';
const FROM_ANSWER = ` | include "${ANSWER}" | fromToml`;

export interface LookupCall {
  /** Of the word `lookup`. */
  readonly start: number;
  /** After its last operand. */
  readonly end: number;
}

/** Returns the calls of `lookup` in a template; texts that `tpl` may render are not looked into. */
export function lookupCallsIn(text: string): readonly LookupCall[] {
  if (!text.includes('lookup')) return [];
  return actionsOf(text).flatMap((tokens) =>
    tokens.flatMap((token, index): readonly LookupCall[] => {
      const next = tokens[index + 1];
      if (token.kind !== 'word' || token.text !== 'lookup' || next === undefined || next.start === token.end) return [];
      const end = endOfCommand(tokens, index);
      return end === token.end ? [] : [{ start: token.start, end }];
    }),
  );
}

function endOfCommand(tokens: readonly Token[], from: number): number {
  let depth = 0;
  let { end } = tokens[from] ?? { end: 0 };
  for (const token of tokens.slice(from + 1)) {
    if (token.text === '(') depth++;
    if (token.text === ')') depth--;
    if (depth < 0 || (depth === 0 && (token.text === '|' || token.text === ','))) break;
    end = token.end;
  }
  return end;
}

/** Returns where a text of a template, one that `tpl` may render, calls `lookup`; undefined: nowhere. */
export function lookupInTexts(text: string): number | undefined {
  if (!text.includes('lookup')) return undefined;
  const texts = actionsOf(text).flatMap((tokens) => tokens.filter(({ kind }) => kind === 'text'));
  return texts.find((token) => lookupCallsIn(token.text.slice(1, -1).replaceAll('\\"', '"')).length > 0)?.start;
}

interface Edit {
  /** The call that it belongs to: what errors in it are errors of. */
  readonly call: number;
  readonly at: number;
  readonly removed: number;
  readonly inserted: string;
}

export interface AnsweredTemplate {
  readonly text: string;
  /** Returns the column in the template as it was, for one in `text`; both count from 0. */
  readonly columnBefore: (line: number, column: number) => number;
}

/** Returns the template `path` with its calls made calls of `answerTemplate`; undefined: it has none. */
export function answerLookups(path: string, text: string): AnsweredTemplate | undefined {
  const calls = lookupCallsIn(text);
  if (calls.length === 0) return undefined;
  const edits = calls
    .flatMap(({ start, end }): readonly Edit[] => {
      const { line, column } = positionIn(text, start);
      const place = stringifyJson(`${path}:${line}:${column}`);
      return [
        { call: start, at: start, removed: 'lookup'.length, inserted: `list ${place}` },
        { call: start, at: end, removed: 0, inserted: FROM_ANSWER },
      ];
    })
    .toSorted((a, b) => a.at - b.at);
  let answered = '';
  let at = 0;
  for (const edit of edits) {
    answered += text.slice(at, edit.at) + edit.inserted;
    at = edit.at + edit.removed;
  }
  return {
    text: `${answered}${text.slice(at)}`,
    columnBefore: (line, column) => columnBefore(text, edits, { line, column }),
  };
}

function columnBefore(
  text: string,
  edits: readonly Edit[],
  { line, column }: { readonly line: number; readonly column: number },
): number {
  let shift = 0;
  for (const { call, at, removed, inserted } of edits) {
    const position = positionIn(text, at);
    if (position.line !== line) continue;
    const start = position.column + shift;
    if (column <= start) break;
    if (column < start + inserted.length) return positionIn(text, call).column;
    shift += inserted.length - removed;
  }
  return column - shift;
}

/**
 * Returns the template that is called with the place of a lookup and its operands, and prints the object that they name.
 * It goes to the end of any one template, where it moves no line.
 */
export function answerTemplate(listed: readonly ObjectReference[], gathered: Gathered | undefined): string {
  const branches = listed.map((reference) => {
    const { apiVersion, kind, namespace = '', name = '' } = reference;
    const operands = stringifyJson(stringifyJson([apiVersion, kind, namespace, name]));
    const found = objectsAt(gathered, reference) ?? [];
    return `if eq $wanted ${operands} }}${toToml(answerTo(reference, found))}{{ else `;
  });
  const refuse = `fail (printf "${ANSWER} %s" (toJson .))`;
  const otherwise = branches.length === 0 ? `{{ ${refuse} }}` : `{{ ${branches.join('')}}}{{ ${refuse} }}{{ end }}`;
  return `{{ define "${ANSWER}" }}{{ $wanted := rest . | toJson }}${otherwise}{{ end }}`;
}

/** As Helm has it: nothing of what is not there, a list where no name is given. */
function answerTo({ apiVersion, kind, name }: ObjectReference, found: readonly KubeObject[]): object {
  if (name !== undefined) return found[0] ?? {};
  return { apiVersion, kind: `${kind}List`, metadata: {}, items: found };
}

export interface RefusedLookup {
  /** `charts/web/templates/a.yaml:4:20` */
  readonly place: string;
  readonly wanted: {
    readonly apiVersion: string;
    readonly kind: string;
    readonly namespace: string;
    readonly name: string;
  };
}

/** Returns what a template looked up although it is not listed, from Helm's error; undefined: it is about something else. */
export function readRefusedLookup(message: string): RefusedLookup | undefined {
  const json = new RegExp(`${ANSWER.replace('.', '\\.')} (\\[.*\\])`).exec(message)?.[1];
  if (json === undefined) return undefined;
  const operands: unknown = JSON.parse(json);
  if (!Array.isArray(operands)) return undefined;
  const [place = '', apiVersion = '', kind = '', namespace = '', name = ''] = operands.map(String);
  return { place, wanted: { apiVersion, kind, namespace, name } };
}

/** Returns an error of Helm's with the calls as they stand in the template. */
export function withoutAnswers(message: string): string {
  return message
    .replace(/unexpected (?:\{\{define\}\}|<define> in \w+)/, 'unexpected EOF')
    .replaceAll('<fromToml>', '<lookup>')
    .replaceAll(FROM_ANSWER, '')
    .replaceAll(/\blist "[^"]*:[0-9]+:[0-9]+" /g, 'lookup ');
}
