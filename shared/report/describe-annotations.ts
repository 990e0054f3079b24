import type { Annotation, Dialect, Meaning } from '../model/object-policy/dialect.ts';
import { DIALECTS } from '../model/object-policy/read-object-policy.ts';

/** Returns every annotation that is gone by as Markdown: a section a tool, a row a value. */
export function describeAnnotations(): string {
  return DIALECTS.map(describeDialect).join('\n');
}

function describeDialect({ tool, inLabels, isCaseless, annotations }: Dialect): string {
  const notes = [
    ...(inLabels ? ['Labels of these names mean the same.'] : []),
    ...(isCaseless ? ['Capital letters make no difference in values.'] : []),
  ];
  const rows = annotations.flatMap((annotation) => annotation.meanings.map((meaning) => rowOf(annotation, meaning)));
  const table = ['| annotation | value | effect |', '|---|---|---|', ...rows].join('\n');
  return [`## ${tool}`, ...(notes.length === 0 ? [] : [notes.join(' ')]), table].join('\n\n').concat('\n');
}

function rowOf({ name, isList }: Annotation, meaning: Meaning): string {
  const value = 'value' in meaning ? `\`${meaning.value}\`` : meaning.form.replaceAll(/"([^"]*)"/g, '`$1`');
  return `| \`${name}\`${isList ? ', a list' : ''} | ${value} | ${meaning.effect} |`;
}
