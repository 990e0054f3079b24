/**
 * Builds the value of one YAML document from its tokens, with kubectl's meaning: its grammar (libyaml's, in Go), its
 * scalars (yaml-scalar.ts), the last of equal keys wins, `<<` overwrites what stands before it in the map and yields to
 * what comes after, unknown tags mean nothing. Aliases share one value; what they would come to when written out is
 * bounded.
 */
import type { Json } from '../model/json.ts';
import { YamlAnchors } from './yaml-anchors.ts';
import { YamlError } from './yaml-cursor.ts';
import { YamlFields } from './yaml-fields.ts';
import { attempt, type Key, keyOf, nameOf } from './yaml-key.ts';
import { MAX_DEPTH, misplaced, tooDeep } from './yaml-misplaced.ts';
import { NotJson } from './yaml-not-json.ts';
import type { PlaceBook } from './yaml-place-book.ts';
import { resolvePlain, resolveTagged } from './yaml-scalar.ts';
import { YamlScanner } from './yaml-scanner.ts';
import type { Properties, Token, TokenKind } from './yaml-token.ts';

/** A key that stands twice in a map; the later value counts. */
export interface DuplicateKey {
  readonly key: string;
  /** Offset in the document's text. */
  readonly position: number;
}

export interface Composed {
  readonly value: Json;
  readonly duplicates: readonly DuplicateKey[];
}

export interface ComposeOptions {
  /** It is told where each part of the document stands. */
  readonly places?: PlaceBook;
  /** JSON, which has escapes that YAML 1.1 does not. Default false. */
  readonly isJson?: boolean;
}

/**
 * Returns the value of the document.
 *
 * @throws {YamlError} when it does not parse, or goes on after `...` (kubectl would drop the rest).
 */
export function composeDocument(text: string, { places, isJson = false }: ComposeOptions = {}): Composed {
  const composer = new Composer(new YamlScanner(text, isJson), places);
  return { value: composer.document(), duplicates: composer.duplicates };
}

const MERGE_TAG = 'tag:yaml.org,2002:merge';
const FLOW_REMEDY = 'add it, or quote a text that holds one of {}[],?';
const BLOCK_ENDS: readonly TokenKind[] = ['key', 'value', 'block-end'];

class Composer {
  readonly duplicates: DuplicateKey[] = [];
  readonly #tokens: YamlScanner;
  readonly #places: PlaceBook | undefined;
  readonly #anchors = new YamlAnchors();
  readonly #notJson = new NotJson();
  #depth = 0;

  constructor(tokens: YamlScanner, places: PlaceBook | undefined) {
    this.#tokens = tokens;
    this.#places = places;
  }

  document(): Json {
    const isMarked = this.#is('document-start');
    if (isMarked) this.#tokens.next();
    const start = this.#tokens.peek();
    const isEmpty = start.kind === 'end' || (isMarked && start.kind === 'document-end');
    const value = isEmpty ? null : this.#node({ inBlock: true });
    this.#notJson.assertNoneIn(value);
    this.#places?.noteRoot(value, start.start);
    let next = this.#tokens.next();
    const isEnded = next.kind === 'document-end';
    while (next.kind === 'document-end') next = this.#tokens.next();
    if (next.kind === 'end') return value;
    if (isEnded) {
      throw new YamlError(next.start, 'kubectl drops what follows the end mark "..."', 'part documents by ---');
    }
    throw misplaced(next);
  }

  #is(kind: TokenKind): boolean {
    return this.#tokens.peek().kind === kind;
  }

  #node({ inBlock, mayBeList = false }: { readonly inBlock: boolean; readonly mayBeList?: boolean }): Json {
    const first = this.#tokens.peek();
    if (first.kind === 'alias') return this.#anchors.follow(this.#tokens.next());
    const properties = this.#properties(first);
    const opened = this.#anchors.open(properties.anchor);
    const value = this.#content(properties, { inBlock, mayBeList });
    this.#anchors.close(properties.anchor, opened, value);
    return value;
  }

  /** A tag, an anchor, or both in any order. */
  #properties(first: Token): Properties {
    let tag: string | undefined;
    let anchor: string | undefined;
    for (let token = first; ; token = this.#tokens.peek()) {
      if (token.kind === 'tag' && tag === undefined) tag = token.text;
      else if (token.kind === 'anchor' && anchor === undefined) anchor = token.text;
      else return { tag: tag ?? '', anchor };
      this.#tokens.next();
    }
  }

  #content(
    { tag, anchor }: Properties,
    { inBlock, mayBeList }: { readonly inBlock: boolean; readonly mayBeList: boolean },
  ): Json {
    const token = this.#tokens.peek();
    if (token.kind === 'scalar') return this.#scalar(this.#tokens.next(), tag);
    if (++this.#depth > MAX_DEPTH) throw tooDeep(token);
    const collection = this.#collection(token.kind, { inBlock, mayBeList });
    this.#depth--;
    if (collection !== undefined) return collection;
    if (tag !== '' || anchor !== undefined) return this.#empty(token, tag);
    throw misplaced(token);
  }

  #collection(
    kind: TokenKind,
    { inBlock, mayBeList }: { readonly inBlock: boolean; readonly mayBeList: boolean },
  ): Json | undefined {
    if (kind === 'flow-sequence') return this.#flowSequence();
    if (kind === 'flow-mapping') return this.#flowMapping();
    if (kind === 'block-sequence' && inBlock) return this.#blockSequence();
    if (kind === 'block-mapping' && inBlock) return this.#blockMapping();
    return kind === 'block-entry' && mayBeList ? this.#unindentedSequence() : undefined;
  }

  #scalar({ text, start, isPlain }: Token, tag: string): Json {
    this.#anchors.count(text.length);
    if (tag === '' && !isPlain) return text;
    const value = tag === '' ? resolvePlain(text) : attempt(start, () => resolveTagged(tag, text));
    return typeof value === 'number' && !Number.isFinite(value) ? this.#notJson.number(start, text) : value;
  }

  /** A value that is left away. */
  #empty({ start }: Token, tag = ''): Json {
    return tag === '' ? null : attempt(start, () => resolveTagged(tag, ''));
  }

  #blockSequence(): Json {
    this.#tokens.next();
    const items: Json[] = [];
    while (this.#is('block-entry')) this.#entry(items, ['block-entry', 'block-end']);
    this.#expect('block-end', 'a list entry ("- ") was expected', 'indent it like its neighbours');
    return items;
  }

  /** A list may stand in the column of its key. */
  #unindentedSequence(): Json {
    const items: Json[] = [];
    while (this.#is('block-entry')) this.#entry(items, ['block-entry', ...BLOCK_ENDS]);
    return items;
  }

  #entry(items: Json[], ends: readonly TokenKind[]): void {
    const mark = this.#tokens.next();
    this.#value(items, items.length, { key: mark.start, ends, read: () => this.#node({ inBlock: true }) });
  }

  #blockMapping(): Json {
    this.#tokens.next();
    const fields = new YamlFields();
    while (this.#is('key')) {
      const mark = this.#tokens.next();
      const key = this.#key(mark, { inBlock: true, mayBeList: true, ends: BLOCK_ENDS });
      this.#field(fields, key, { ends: BLOCK_ENDS, read: () => this.#node({ inBlock: true, mayBeList: true }) });
    }
    this.#expect('block-end', 'a key was expected', 'indent it like its neighbours, or quote a text that holds ": "');
    return fields.value;
  }

  #flowSequence(): Json {
    const open = this.#tokens.next();
    const items: Json[] = [];
    while (!this.#is('flow-sequence-end')) {
      this.#expectNext(open, { close: ']', isFirst: items.length === 0 });
      if (this.#is('flow-sequence-end')) break;
      const { start } = this.#tokens.peek();
      const read = () => (this.#is('key') ? this.#pair() : this.#node({ inBlock: false }));
      this.#value(items, items.length, { key: start, ends: [], read });
    }
    this.#tokens.next();
    return items;
  }

  /** `[a: b]` is a list of one map. */
  #pair(): Json {
    const fields = new YamlFields();
    this.#flowField(fields, ['flow-entry', 'flow-sequence-end']);
    return fields.value;
  }

  #flowMapping(): Json {
    const open = this.#tokens.next();
    const fields = new YamlFields();
    for (let isFirst = true; !this.#is('flow-mapping-end'); isFirst = false) {
      this.#expectNext(open, { close: '}', isFirst });
      if (!this.#is('flow-mapping-end')) this.#flowField(fields, ['flow-entry', 'flow-mapping-end']);
    }
    this.#tokens.next();
    return fields.value;
  }

  /** A key that no colon follows on its line is not marked as one, and has no value. */
  #flowField(fields: YamlFields, ends: readonly TokenKind[]): void {
    const isMarked = this.#is('key');
    const mark = isMarked ? this.#tokens.next() : this.#tokens.peek();
    const key = this.#key(mark, { inBlock: false, ends: isMarked ? ['value', ...ends] : [] });
    const read = () => this.#node({ inBlock: false });
    if (isMarked) this.#field(fields, key, { ends, read });
    else this.#setField(fields, key, null);
  }

  #field(
    fields: YamlFields,
    key: Key,
    { ends, read }: { readonly ends: readonly TokenKind[]; readonly read: () => Json },
  ): void {
    let value: Json = null;
    if (this.#is('value')) {
      this.#tokens.next();
      // A list that is merged must stand there itself.
      if (key.isMerge && this.#is('alias')) {
        this.#mergeAlias(fields, key);
        return;
      }
      value = this.#value(fields.value, key.name, { key: key.start, ends, read });
    } else this.#places?.noteChild(fields.value, key.name, { key: key.start, value: undefined, isAlias: false });
    this.#setField(fields, key, value);
  }

  #mergeAlias(fields: YamlFields, { start }: Key): void {
    const value = this.#anchors.follow(this.#tokens.next());
    fields.merge(Array.isArray(value) ? null : value, start);
  }

  #setField(fields: YamlFields, { name, start, isMerge }: Key, value: Json): void {
    if (isMerge) fields.merge(value, start);
    else if (fields.set(name, value)) this.duplicates.push({ key: name, position: start });
  }

  /** Reads a value, or null where one of `ends` stands, and notes its place; an item is put into its list. */
  #value(
    parent: Json[] | Record<string, Json>,
    step: string | number,
    { key, ends, read }: { readonly key: number; readonly ends: readonly TokenKind[]; readonly read: () => Json },
  ): Json {
    const { kind, start } = this.#tokens.peek();
    const isLeftAway = ends.includes(kind);
    const value = isLeftAway ? null : read();
    this.#places?.noteChild(parent, step, { key, value: isLeftAway ? undefined : start, isAlias: kind === 'alias' });
    if (Array.isArray(parent)) parent.push(value);
    return value;
  }

  #key(
    mark: Token,
    place: { readonly inBlock: boolean; readonly mayBeList?: boolean; readonly ends: readonly TokenKind[] },
  ): Key {
    const first = this.#tokens.peek();
    if (place.ends.includes(first.kind)) return this.#keyOfValue(null, mark.start);
    if (first.kind === 'alias') return this.#keyOfValue(this.#anchors.follow(this.#tokens.next()), first.start);
    const { tag, anchor } = this.#properties(first);
    const token = this.#tokens.peek();
    const { start, text, isPlain } = token;
    if (token.kind !== 'scalar')
      return this.#keyOfValue(this.#content({ tag, anchor }, { mayBeList: false, ...place }), start);
    this.#tokens.next();
    const opened = this.#anchors.open(anchor);
    this.#anchors.count(text.length);
    const name = this.#notJson.key(start, () => keyOf(text, { tag, isPlain, start }));
    this.#anchors.close(anchor, opened, name);
    const isMerge = text === '<<' && ((isPlain && tag === '') || tag === '!' || tag === MERGE_TAG);
    return { name, start, isMerge };
  }

  /** Of a key that is no text of its own: an alias, or one that is left away. */
  #keyOfValue(value: Json, start: number): Key {
    return { name: this.#notJson.key(start, () => nameOf(value, start)), start, isMerge: false };
  }

  #expectNext(open: Token, { close, isFirst }: { readonly close: string; readonly isFirst: boolean }): void {
    if (this.#is('end')) throw new YamlError(open.start, 'the bracket is not closed', `close it with "${close}"`);
    if (!isFirst) this.#expect('flow-entry', `a comma or "${close}" was expected`, FLOW_REMEDY);
  }

  #expect(kind: TokenKind, wrong: string, remedy: string): void {
    const token = this.#tokens.peek();
    if (token.kind !== kind) throw new YamlError(token.start, wrong, remedy);
    this.#tokens.next();
  }
}
