/**
 * Tokens of one YAML document. Whether a text is a key is known only when its colon comes, so tokens wait in a queue until
 * nothing can be put in before them. The rules (which indentation opens and closes a block, where a key may begin, that a
 * key ends on its line within 1,024 characters) are those of go.yaml.in/yaml v2.4, which is libyaml in Go.
 */
import { isBlank, isBreak, isSpace, YamlCursor, YamlError } from './yaml-cursor.ts';
import { KeyPlaces } from './yaml-key-places.ts';
import { takeBlock, takePlain, takeQuoted } from './yaml-scalar-text.ts';
import { takeAnchorName, takeTag } from './yaml-tag.ts';
import type { Token, TokenKind } from './yaml-token.ts';

const CLOSES_NOTHING = -1;

export class YamlScanner {
  readonly #cursor: YamlCursor;
  #tokens: Token[] = [];
  #head = 0;
  #taken = 0;
  #indent = CLOSES_NOTHING;
  readonly #indents: number[] = [];
  readonly #keys: KeyPlaces;
  #keyAllowed = true;

  constructor(text: string, isJson: boolean) {
    this.#cursor = new YamlCursor(text, isJson);
    this.#keys = new KeyPlaces(this.#cursor);
  }

  /** Returns the next token, and leaves it there. @throws {YamlError} */
  peek(): Token {
    while (this.#head === this.#tokens.length || this.#keys.includes(this.#taken)) this.#scan();
    const token = this.#tokens[this.#head];
    if (token === undefined) throw new Error('the scanner gave no token');
    return token;
  }

  /** Returns the next token and goes over it. */
  next(): Token {
    const token = this.peek();
    this.#head += 1;
    this.#taken += 1;
    if (this.#head === this.#tokens.length) {
      this.#tokens.length = 0;
      this.#head = 0;
    }
    return token;
  }

  get #inFlow(): boolean {
    return this.#keys.isWithinBrackets;
  }

  get #nextNumber(): number {
    return this.#taken + this.#tokens.length - this.#head;
  }

  #saveKey(): void {
    if (this.#keyAllowed) this.#keys.save(this.#nextNumber, !this.#inFlow && this.#indent === this.#cursor.column);
  }

  #put(kind: TokenKind, start: number, text = '', isPlain = false): void {
    this.#tokens.push({ kind, start, text, isPlain });
  }

  #insert(tokenNumber: number, kind: TokenKind, start: number): void {
    this.#tokens.splice(this.#head + tokenNumber - this.#taken, 0, { kind, start, text: '', isPlain: false });
  }

  #openBlock(
    kind: 'block-sequence' | 'block-mapping',
    at: { readonly column: number; readonly start: number },
    tokenNumber = this.#nextNumber,
  ) {
    if (this.#inFlow || this.#indent >= at.column) return;
    this.#indents.push(this.#indent);
    this.#indent = at.column;
    this.#insert(tokenNumber, kind, at.start);
  }

  #closeBlocks(column: number): void {
    if (this.#inFlow) return;
    while (this.#indent > column) {
      this.#put('block-end', this.#cursor.at);
      this.#indent = this.#indents.pop() ?? CLOSES_NOTHING;
    }
  }

  #scan(): void {
    const cursor = this.#cursor;
    this.#skipToToken();
    this.#closeBlocks(cursor.column);
    const code = cursor.code();
    if (code === -1) this.#scanEnd();
    else if (cursor.isAtDocumentMark()) this.#scanDocumentMark(code);
    else if (!this.#scanMark(code)) this.#scanPlain(code);
  }

  #skipToToken(): void {
    const cursor = this.#cursor;
    for (;;) {
      for (
        let code = cursor.code();
        code === 0x20 || (code === 0x09 && (this.#inFlow || !this.#keyAllowed));
        code = cursor.code()
      ) {
        cursor.at += 1;
      }
      if (cursor.code() === 0x23) cursor.skipComment();
      if (!isBreak(cursor.code())) return;
      cursor.takeBreak();
      if (!this.#inFlow) this.#keyAllowed = true;
    }
  }

  #scanEnd(): void {
    // The end ends a line too, and with it every key that brackets were left open for.
    this.#cursor.line += 1;
    this.#closeBlocks(CLOSES_NOTHING);
    this.#keys.drop();
    this.#keyAllowed = false;
    this.#put('end', this.#cursor.at);
  }

  #scanDocumentMark(code: number): void {
    this.#closeBlocks(CLOSES_NOTHING);
    this.#keys.drop();
    this.#keyAllowed = false;
    this.#put(code === 0x2d ? 'document-start' : 'document-end', this.#cursor.at);
    this.#cursor.at += 3;
  }

  /** Takes what begins with a mark; false: nothing does. */
  #scanMark(code: number): boolean {
    const cursor = this.#cursor;
    const isAlone = isSpace(cursor.code(1));
    switch (code) {
      case 0x5b:
        return this.#openFlow('flow-sequence');
      case 0x7b:
        return this.#openFlow('flow-mapping');
      case 0x5d:
        return this.#closeFlow('flow-sequence-end');
      case 0x7d:
        return this.#closeFlow('flow-mapping-end');
      case 0x2c:
        this.#keys.drop();
        return this.#takeMark('flow-entry', true);
      case 0x2d:
        return isAlone && this.#scanEntry();
      case 0x3f:
        return (this.#inFlow || isAlone) && this.#scanKey();
      case 0x3a:
        return (this.#inFlow || isAlone) && this.#scanValue();
      case 0x7c:
      case 0x3e:
        return !this.#inFlow && this.#scanBlockScalar();
      default:
        return this.#scanWithKey(code);
    }
  }

  #takeMark(kind: TokenKind, keyAllowed: boolean): true {
    this.#keyAllowed = keyAllowed;
    this.#put(kind, this.#cursor.at);
    this.#cursor.at += 1;
    return true;
  }

  #openFlow(kind: 'flow-sequence' | 'flow-mapping'): true {
    this.#saveKey();
    this.#keys.open();
    return this.#takeMark(kind, true);
  }

  #closeFlow(kind: 'flow-sequence-end' | 'flow-mapping-end'): true {
    this.#keys.drop();
    this.#keys.close();
    return this.#takeMark(kind, false);
  }

  #scanEntry(): true {
    this.#openHere('block-sequence', 'a list entry ("- ") cannot begin here');
    this.#keys.drop();
    return this.#takeMark('block-entry', true);
  }

  #scanKey(): true {
    this.#openHere('block-mapping', 'a key ("? ") cannot begin here');
    this.#keys.drop();
    return this.#takeMark('key', !this.#inFlow);
  }

  #scanValue(): true {
    const key = this.#keys.current();
    if (key === undefined) {
      this.#openHere('block-mapping', '": " cannot stand here: a line has one key, and a key ends on its line');
      return this.#takeMark('value', !this.#inFlow);
    }
    this.#insert(key.tokenNumber, 'key', key.start);
    this.#openBlock('block-mapping', key, key.tokenNumber);
    this.#keys.forget();
    return this.#takeMark('value', false);
  }

  #openHere(kind: 'block-sequence' | 'block-mapping', wrong: string): void {
    if (this.#inFlow) return;
    const { at: start, column } = this.#cursor;
    if (!this.#keyAllowed) {
      throw new YamlError(start, wrong, 'indent it like its neighbours, or quote a text that holds ": " or "- "');
    }
    this.#openBlock(kind, { column, start });
  }

  /** What may be, or stand before, a key. */
  #scanWithKey(code: number): boolean {
    const kind = BEGINNINGS.get(code);
    if (kind === undefined) return false;
    const cursor = this.#cursor;
    this.#saveKey();
    this.#keyAllowed = false;
    const start = cursor.at;
    if (kind === 'scalar') this.#put(kind, start, takeQuoted(cursor));
    else this.#put(kind, start, kind === 'tag' ? takeTag(cursor) : takeAnchorName(cursor));
    return true;
  }

  #scanBlockScalar(): true {
    this.#keys.drop();
    this.#keyAllowed = true;
    const start = this.#cursor.at;
    this.#put('scalar', start, takeBlock(this.#cursor, this.#indent));
    return true;
  }

  #isPlainInSpite(code: number): boolean {
    const next = this.#cursor.code(1);
    if (code === 0x2d) return !isBlank(next);
    return !this.#inFlow && (code === 0x3f || code === 0x3a) && !isSpace(next);
  }

  #scanPlain(code: number): void {
    const isPlain = !isSpace(code) && (!INDICATORS.includes(String.fromCharCode(code)) || this.#isPlainInSpite(code));
    if (!isPlain) throw this.#refusal(code);
    this.#saveKey();
    this.#keyAllowed = false;
    const start = this.#cursor.at;
    const { value, endedLine } = takePlain(this.#cursor, { indent: this.#indent + 1, inFlow: this.#inFlow });
    this.#put('scalar', start, value, true);
    if (endedLine) this.#keyAllowed = true;
  }

  #refusal(code: number): YamlError {
    const { at, column } = this.#cursor;
    if (code === 0x25 && column === 0) {
      return new YamlError(at, 'kubectl takes no directives (lines that begin with %)', 'remove the line');
    }
    const shown = code === 0x09 ? 'a tab' : JSON.stringify(String.fromCharCode(code));
    const remedy = code === 0x09 ? 'indent with spaces' : 'quote the text';
    return new YamlError(at, `${shown} cannot begin anything here`, remedy);
  }
}

/** What no plain scalar begins with, but for `-`, `?` and `:` before other text. */
const INDICATORS = '-?:,[]{}#&*!|>\'"%@`';

const BEGINNINGS: ReadonlyMap<number, 'alias' | 'anchor' | 'tag' | 'scalar'> = new Map([
  [0x2a, 'alias'],
  [0x26, 'anchor'],
  [0x21, 'tag'],
  [0x27, 'scalar'],
  [0x22, 'scalar'],
] as const);
