/**
 * The grammar of `${...}` in manifests: that of github.com/fluxcd/pkg/envsubst v1.8, which is bash's with some left out.
 * `$${` stands for a plain `${`, and `$name` without braces for itself.
 */

export type Node = string | Expression;

export interface Expression {
  readonly variable: string;
  /** '' for the value as it is. */
  readonly operation: Operation | '';
  /** Each a text with expressions in it. */
  readonly arguments: readonly (readonly Node[])[];
}

export type Operation = (typeof OPERATIONS)[number];

const OPERATIONS = [
  ...[':-', ':=', '-', '=', ':'],
  ...['##', '#', '%%', '%', '//', '/#', '/%', '/', '^^', '^', ',,', ','],
  'length',
] as const;

export interface ExpressionFault {
  /** From the beginning of the text, in UTF-16 code units. */
  readonly offset: number;
  readonly wrong: string;
  readonly remedy: string;
}

export type ReadText =
  | { readonly ok: true; readonly nodes: readonly Node[] }
  | { readonly ok: false; readonly fault: ExpressionFault };

class Fault extends Error {
  readonly fault: ExpressionFault;

  constructor(fault: ExpressionFault) {
    super(fault.wrong);
    this.fault = fault;
  }
}

/** Returns the text with its expressions read, or the first that cannot be. */
export function readText(text: string): ReadText {
  try {
    return { ok: true, nodes: new Reader(text).text() };
  } catch (error) {
    if (error instanceof Fault) return { ok: false, fault: error.fault };
    throw error;
  }
}

const NAME = /[\p{L}\p{Nd}_]+/uy;
const PLAIN = /(?:[^$]|\$(?![${]))+/y;
/** Within an argument: up to an expression or the end of it. */
const UNTIL_BRACE = /(?:[^$}]|\$(?!\{))+/y;
const UNTIL_COLON = /(?:[^$:}]|\$(?!\{))+/y;
/** In replacements `\` takes the meaning of `/` and `\` away, `$` that of `$`. */
const UNTIL_SLASH = /(?:\\[\\/]|\$\$|[^$/]|\$(?![${]))+/y;
const REPLACEMENT = /(?:\\[\\/]|\$\$|[^$}]|\$(?![${]))+/y;

class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  text(): readonly Node[] {
    const nodes: Node[] = [];
    while (this.#at < this.#text.length) {
      if (this.#takes('${')) nodes.push(this.#expression());
      else nodes.push(this.#takes('$$') ? '$' : this.#take(PLAIN));
    }
    return nodes;
  }

  /** What stands behind `${`. */
  #expression(): Expression {
    const start = this.#at - 2;
    if (this.#takes('#')) {
      const variable = this.#name(start);
      return this.#closed(start, { variable, operation: 'length', arguments: [] });
    }
    const variable = this.#name(start);
    if (this.#takes('}')) return { variable, operation: '', arguments: [] };
    const operation = OPERATIONS.find((one) => one !== 'length' && this.#text.startsWith(one, this.#at));
    const isUnknown =
      operation === undefined || this.#text.startsWith(':+', this.#at) || this.#text.startsWith(':?', this.#at);
    if (isUnknown) throw this.#unknown(start);
    this.#at += operation.length;
    return this.#closed(start, { variable, operation, arguments: this.#arguments(start, operation) });
  }

  #arguments(start: number, operation: Operation): Expression['arguments'] {
    switch (operation) {
      case '^':
      case '^^':
      case ',':
      case ',,':
        return [];
      case ':-':
      case ':=':
      case '-':
      case '=':
        return [this.#default(start)];
      case ':': {
        const position = this.#argument(start, UNTIL_COLON);
        return this.#takes(':') ? [position, this.#argument(start, UNTIL_BRACE)] : [position];
      }
      case '/':
      case '//':
      case '/#':
      case '/%':
        return this.#replacement(start);
      default:
        return [this.#argument(start, UNTIL_BRACE)];
    }
  }

  /** Nothing, or texts and expressions in any number. */
  #default(start: number): readonly Node[] {
    const nodes: Node[] = [];
    while (this.#at < this.#text.length && this.#text[this.#at] !== '}') {
      nodes.push(...this.#argument(start, UNTIL_BRACE));
    }
    return nodes;
  }

  #replacement(start: number): Expression['arguments'] {
    const pattern = this.#argument(start, UNTIL_SLASH, unescaped);
    if (!this.#takes('/')) throw this.#open(start);
    return this.#text[this.#at] === '}' ? [pattern] : [pattern, this.#argument(start, REPLACEMENT, unescaped)];
  }

  /** One text or one expression. */
  #argument(start: number, pattern: RegExp, read: (text: string) => string = (text) => text): readonly Node[] {
    if (this.#takes('${')) return [this.#expression()];
    const text = this.#take(pattern);
    if (text === '') throw this.#open(start);
    return [read(text)];
  }

  #name(start: number): string {
    const name = this.#take(NAME);
    if (name !== '') return name;
    throw this.#fault(start, 'names no variable', 'write the name of one, or "$${" for a plain "${"');
  }

  #closed(start: number, expression: Expression): Expression {
    if (this.#takes('}')) return expression;
    throw this.#open(start);
  }

  #takes(text: string): boolean {
    if (!this.#text.startsWith(text, this.#at)) return false;
    this.#at += text.length;
    return true;
  }

  #take(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const [taken = ''] = pattern.exec(this.#text) ?? [];
    this.#at += taken.length;
    return taken;
  }

  #unknown(start: number): Fault {
    const wrong = `has ${JSON.stringify(this.#text.slice(this.#at, this.#at + 2))} behind its name, which means nothing here`;
    return this.#fault(start, wrong, 'close it with "}", or write "$${" for a plain "${"');
  }

  #open(start: number): Fault {
    return this.#fault(start, 'is not closed as it should be', 'close it with "}", or write "$${" for a plain "${"');
  }

  #fault(offset: number, wrong: string, remedy: string): Fault {
    const [line = ''] = this.#text.slice(offset, offset + 60).split('\n');
    return new Fault({ offset, wrong: `${JSON.stringify(line)} ${wrong}`, remedy });
  }
}

function unescaped(text: string): string {
  return text.replaceAll(/\\([\\/])|\$\$/g, (_all, character?: string) => character ?? '$');
}
