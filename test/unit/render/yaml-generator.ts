/**
 * YAML as nobody writes it on purpose: documents made at random of everything that the two readers could take for
 * different things, and small damages to documents that are fine. The same seed gives the same documents.
 */

import { PLAIN, TAGS, WORDS } from './yaml-words.ts';

/** Returns numbers in [0, 1) that depend on the seed alone (mulberry32). */
export function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export interface Dice {
  readonly below: (limit: number) => number;
  readonly pick: <T>(from: readonly T[]) => T;
  readonly chance: (percent: number) => boolean;
}

export function diceOf(random: () => number): Dice {
  const below = (limit: number) => Math.floor(random() * limit);
  const pick = <T>(from: readonly T[]): T => {
    const picked = from[below(from.length)];
    if (picked === undefined) throw new Error('nothing to pick from');
    return picked;
  };
  return { below, pick, chance: (percent) => random() * 100 < percent };
}

const ALPHABET = [...'abxyno01789.:-+_eE ~#\'"[]{},&*!|>%@`\\/=?<\t\n\n  '];

interface Writing {
  readonly dice: Dice;
  readonly anchors: string[];
}

/** Returns a text that may stand as value of a block map at column 0, newline at its end. */
export function generateValue(dice: Dice): string {
  const text = node({ dice, anchors: [] }, { indent: 2, depth: 4, inFlow: false });
  return text.endsWith('\n') ? text : `${text}\n`;
}

interface Place {
  readonly indent: number;
  readonly depth: number;
  readonly inFlow: boolean;
}

/** Begins on the line of the key or dash before it. */
function node(writing: Writing, place: Place): string {
  const { dice, anchors } = writing;
  if (anchors.length > 0 && dice.chance(8)) return ` *${dice.pick(anchors)} `;
  let properties = '';
  if (dice.chance(3)) properties += ` ${dice.pick(TAGS)}`;
  const name = dice.chance(10) ? dice.pick(['a', 'b', 'x1', 'a-b']) : undefined;
  if (name !== undefined) properties += ` &${name}`;
  const content = contentOf(writing, place);
  if (name !== undefined) anchors.push(name);
  return `${properties}${content}`;
}

function contentOf(writing: Writing, place: Place): string {
  const { dice } = writing;
  const kind =
    place.depth === 0
      ? 'scalar'
      : dice.pick(['scalar', 'scalar', 'map', 'list', 'flow map', 'flow list', 'map'] as const);
  if (kind === 'scalar') return scalar(dice, place);
  if (kind === 'flow map' || kind === 'flow list' || place.inFlow)
    return flow(writing, { ...place, depth: place.depth - 1 }, kind);
  return kind === 'map' ? blockMap(writing, place) : blockList(writing, place);
}

function scalar(dice: Dice, { indent, inFlow }: Place): string {
  const style = dice.pick(['plain', 'plain', 'plain', 'single', 'double', 'block', 'nothing'] as const);
  const word = dice.pick(style === 'plain' && !dice.chance(4) ? PLAIN : WORDS);
  const comment = dice.chance(5) ? ' # note' : '';
  const pad = ' '.repeat(indent);
  switch (style) {
    case 'nothing':
      return comment;
    case 'plain':
      return dice.chance(10) ? ` ${word}\n${pad}${dice.pick(WORDS)}` : ` ${word}${comment}`;
    case 'single': {
      const quoted = word.replaceAll("'", "''");
      return dice.chance(10) ? ` '${quoted}\n\n${pad}${quoted}'` : ` '${quoted}'${comment}`;
    }
    case 'double': {
      const ending = dice.pick([
        '',
        '\\n',
        '\\x41',
        '\\u00e9',
        '\\U0001F600',
        '\\/',
        '\\_',
        '\\N',
        '\\L',
        '\\e',
        '\\0',
        '\\q',
        '\\\n  ',
        '\\ ',
      ]);
      return ` "${word.replaceAll(/["\\]/g, '\\$&')}${ending}"${comment}`;
    }
    case 'block':
      return inFlow ? ` ${word}` : blockScalar(dice, indent);
  }
}

function blockScalar(dice: Dice, indent: number): string {
  const header = `${dice.pick(['|', '>'])}${dice.pick(['', '', '-', '+', '2', '1', '2-', '+1'])}${dice.pick(['', '', ' # c', ' '])}`;
  const lines = Array.from({ length: dice.below(4) }, () => {
    const shift = dice.pick([0, 0, 0, 1, 2]);
    return dice.chance(20) ? ' '.repeat(dice.below(indent + 3)) : `${' '.repeat(indent + shift)}${dice.pick(WORDS)}`;
  });
  return ` ${header}\n${lines.map((line) => `${line}\n`).join('')}`;
}

function blockMap(writing: Writing, { indent, depth }: Place): string {
  const { dice } = writing;
  const pad = ' '.repeat(indent);
  const fields = Array.from({ length: 1 + dice.below(3) }, () => {
    if (writing.anchors.length > 0 && dice.chance(10)) return `${pad}<<: *${dice.pick(writing.anchors)}`;
    if (dice.chance(4))
      return `${pad}? ${dice.pick(WORDS)}\n${pad}:${node(writing, { indent: indent + 2, depth: depth - 1, inFlow: false })}`;
    return `${pad}${key(dice)}:${node(writing, { indent: indent + 2, depth: depth - 1, inFlow: false })}`;
  });
  return `\n${fields.map(lineOf).join('')}`;
}

function blockList(writing: Writing, { indent, depth }: Place): string {
  const { dice } = writing;
  const at = dice.chance(30) ? indent - 2 : indent;
  const items = Array.from({ length: 1 + dice.below(3) }, () => {
    const item = node(writing, { indent: at + 2, depth: depth - 1, inFlow: false });
    return `${' '.repeat(at)}-${item}`;
  });
  return `\n${items.map(lineOf).join('')}`;
}

function lineOf(text: string): string {
  return text.endsWith('\n') ? text : `${text}\n`;
}

function flow(writing: Writing, place: Place, kind: string): string {
  const { dice } = writing;
  const inner = { ...place, inFlow: true };
  const space = dice.pick(['', ' ', ' ', `\n${' '.repeat(place.indent)}`]);
  const items = Array.from({ length: dice.below(4) }, () => {
    const value = node(writing, { ...inner, depth: Math.max(0, place.depth - 1) });
    if (kind === 'flow list') return value;
    return dice.chance(10) ? key(dice) : `${key(dice)}:${value}`;
  });
  const [open, close] = kind === 'flow list' ? ['[', ']'] : ['{', '}'];
  return ` ${open}${space}${items.join(`,${space}`)}${dice.pick(['', '', ','])}${space}${close}`;
}

function key(dice: Dice): string {
  const word = dice.chance(60)
    ? dice.pick(['a', 'b', 'name', 'key-1', 'a.b/c'])
    : dice.pick(dice.chance(95) ? PLAIN : WORDS);
  return dice.pick([word, word, word, `"${word.replaceAll(/["\\]/g, '\\$&')}"`, `'${word.replaceAll("'", "''")}'`]);
}

/** Returns `text` with one to three characters put in, taken out or exchanged. */
export function damage(text: string, dice: Dice): string {
  const damaged = [...text];
  for (let times = 1 + dice.below(3); times > 0; times--) {
    const at = dice.below(damaged.length + 1);
    const put = dice.pick(['put', 'take', 'exchange'] as const);
    damaged.splice(at, put === 'put' ? 0 : 1, ...(put === 'take' ? [] : [dice.pick(ALPHABET)]));
  }
  return damaged.join('');
}

/** Returns objects in one file, with separators, comments, line ends and marks of all sorts; `head` names each. */
export function generateStream(dice: Dice, head: (document: number) => string): string {
  const documents = Array.from({ length: 1 + dice.below(3) }, (_, at) => `${head(at)}v:${generateValue(dice)}`);
  const separator = () =>
    dice.pick([
      '---\n',
      '---\n',
      '--- \n',
      '--- # c\n',
      '---\t\n',
      '---\n---\n',
      '---\n# c\n---\n',
      '...\n---\n',
      '\n---\n\n',
    ]);
  const text = `${dice.pick(['', '', '', '---\n', '# c\n', '\n', '\uFEFF', '%YAML 1.1\n---\n'])}${documents.map((document, at) => (at === 0 ? document : `${separator()}${document}`)).join('')}${dice.pick(['', '', '---\n', '...\n', '# end\n'])}`;
  return dice.chance(20) ? text.replaceAll('\n', '\r\n') : text;
}
