import { DECLARATION_EXAMPLES, exampleOf } from '../model/declaration-examples/declaration-examples.ts';
import { DECLARATION_KINDS, type DeclarationKind } from '../model/declaration-schema.ts';
import { type DescribedField, describeFields } from '../model/described-field.ts';

/** Returns every kind of declaration as Markdown: a section a kind, a row a field. */
export function describeDeclarations(): string {
  return DECLARATION_KINDS.map(describeKind).join('\n');
}

function describeKind(kind: DeclarationKind): string {
  const { meaning, yaml } = DECLARATION_EXAMPLES[kind];
  const rows = describeFields(kind).map((field) => rowOf(kind, field));
  const table = ['| field | value | what | example |', '|---|---|---|---|', ...rows].join('\n');
  return [`## ${kind}`, meaning, `\`\`\`yaml\n${yaml}\`\`\``, table].join('\n\n').concat('\n');
}

function rowOf(kind: DeclarationKind, field: DescribedField): string {
  const { path, type, isRequired, default: initial, constraint, meaning, sameAs } = field;
  const constraints = constraint === undefined ? '' : `; ${constraint.replaceAll('expected ', '')}`;
  const presence = isRequired
    ? '; required'
    : initial === undefined || initial === '{}'
      ? ''
      : `; default \`${initial}\``;
  const same = sameAs === undefined ? '' : ` Fields: as ${sameAs}.`;
  const example = exampleOf(kind, path);
  const cells = [
    `\`${path}\``,
    `${type}${constraints}${presence}`,
    `${meaning}.${same}`,
    example === undefined ? '' : `\`${example}\``,
  ];
  return `| ${cells.map((cell) => cell.replaceAll('|', String.raw`\|`)).join(' | ')} |`;
}
