/** The templates of a chart as Helm gets them: calls of `lookup` answered, what cannot be answered refused. */

import { describePlace, valueAt } from '../../model/gathered.ts';
import { stringifyJson } from '../../model/json-text.ts';
import type { Problem } from '../../model/problem.ts';
import { joinReference, parentOf } from '../file-tree.ts';
import type { RenderInput } from '../input.ts';
import type { ChartSettings } from './chart-call.ts';
import { originOf } from './chart-places.ts';
import { type AnsweredTemplate, answerLookups, answerTemplate, lookupCallsIn, lookupInTexts } from './lookup-calls.ts';
import { randomFunctionsIn } from './random-functions.ts';
import { actionsOf, positionIn } from './template-actions.ts';

export interface ChartTemplates {
  /** Those of the input, templates with calls of `lookup` replaced. */
  readonly files: RenderInput['files'];
  readonly answered: ReadonlyMap<string, AnsweredTemplate>;
  /** Calls of `lookup` in texts that nobody can answer. */
  readonly problems: readonly Problem[];
  /** Something in it may come out differently each time. */
  readonly mayDrift: boolean;
}

export function answeredTemplates(input: RenderInput, settings: ChartSettings): ChartTemplates {
  const isTemplate = templatesOf(input);
  const answered = new Map<string, AnsweredTemplate>();
  const texts = textsOf(input);
  for (const [path, text] of texts) {
    const answer = isTemplate(path) ? answerLookups(originOf(path, input), text) : undefined;
    if (answer !== undefined) answered.set(path, answer);
  }
  const answers = answerTemplate(settings.lookup ?? [], input.gathered);
  const replaced = [...answered].map(([path, { text }], index) => {
    return [path, new TextEncoder().encode(index === 0 ? text + answers : text)] as const;
  });
  return {
    files: answered.size === 0 ? input.files : new Map([...input.files, ...replaced]),
    answered,
    problems: unanswerable(input, settings, { texts, isTemplate }),
    mayDrift: [...texts.values(), ...ownValues(input, settings).map(({ text }) => text)].some(
      (text) => randomFunctionsIn(text).length > 0,
    ),
  };
}

/** Of files that hold an action: the others can be passed over without being read as text. */
function textsOf({ files }: RenderInput): ReadonlyMap<string, string> {
  const texts = new Map<string, string>();
  for (const [path, content] of files) {
    const bytes = Buffer.from(content.buffer, content.byteOffset, content.byteLength);
    if (bytes.includes('{{')) texts.set(path, bytes.toString('utf8'));
  }
  return texts;
}

/** Returns what tells a template, also one that a link in `templates/` leads to. */
function templatesOf({ links }: RenderInput): (path: string) => boolean {
  const linked = [...links].flatMap(([link, target]) =>
    /(?:^|\/)templates(?:\/|$)/.test(link) ? (joinReference(parentOf(link), target) ?? []) : [],
  );
  return (path) => /(?:^|\/)templates\//.test(path) || linked.some((at) => path === at || path.startsWith(`${at}/`));
}

interface Texts {
  readonly texts: ReadonlyMap<string, string>;
  readonly isTemplate: (path: string) => boolean;
}

/** `tpl` renders texts of values and files too: a call there would go to Helm's own `lookup`, which finds nothing. */
function unanswerable(input: RenderInput, settings: ChartSettings, { texts, isTemplate }: Texts): readonly Problem[] {
  const templates = [...texts].filter(([path]) => isTemplate(path));
  const words = new Set<string>();
  for (const [, text] of templates) {
    if (!/\btpl\b/.test(text)) continue;
    for (const { text: name } of actionsOf(text).flat()) words.add(name);
  }
  if (!words.has('tpl')) return [];
  const readsFiles = [...words].some((word) => /\.Files\b/.test(word));
  const isRead = (path: string) =>
    readsFiles || /(?:^|\/)values\.yaml$/.test(path) || input.valuesFiles?.includes(path) === true;
  const inFiles = [...texts].flatMap(([path, text]): readonly Problem[] => {
    const at = isTemplate(path) ? lookupInTexts(text) : isRead(path) ? lookupCallsIn(text)[0]?.start : undefined;
    return at === undefined ? [] : [refusal(placeOf(originOf(path, input), text, at))];
  });
  const inValues = ownValues(input, settings).filter(({ text }) => lookupCallsIn(text).length > 0);
  return [...inFiles, ...inValues.map(({ subject }) => refusal(subject))];
}

/** Values that stand in no file. */
function ownValues(
  { subject, gathered }: RenderInput,
  { values, valuesFrom = [] }: ChartSettings,
): readonly { readonly subject: string; readonly text: string }[] {
  const told = valuesFrom.flatMap((reference) => {
    const value = valueAt(gathered, reference);
    return value.found === 'text' ? [{ subject: describePlace(reference), text: value.text }] : [];
  });
  return [...told, { subject: `${subject}: render.helm.values`, text: stringifyJson(values) }];
}

function placeOf(path: string, text: string, at: number): string {
  const { line, column } = positionIn(text, at);
  return `${path}:${line}:${column}`;
}

function refusal(subject: string): Problem {
  return {
    code: 'RenderFailed',
    subject,
    act: 'render',
    wrong: 'it calls "lookup" in a text that is rendered by "tpl", where it cannot be answered',
    remedy: 'call "lookup" in a template, or take the value from the cluster by render.helm.valuesFrom',
  };
}
