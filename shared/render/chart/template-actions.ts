/**
 * The actions of a Go template, `{{ ... }}`, cut into tokens: enough to see which functions a template calls. Source:
 * text/template/parse/lex.go of Go 1.26. What does not end is left to Helm to complain of.
 */
export interface Token {
  /** `word`: a function or keyword; `text`: a string; `operand`: a number, a field or a variable. */
  readonly kind: 'word' | 'text' | 'operand' | 'sign';
  /** As it stands there. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

const COMMENT = /\{\{(?:-\s+)?\/\*/y;
const END_OF_COMMENT = /\*\/(?:\s+-)?\}\}/g;
const SPACE_OR_END = /(?<end>\s*\s-\}\}|\}\})|\s+/y;
const TOKEN =
  /(?<text>"(?:\\.|[^"\\\n])*"|`[^`]*`|'(?:\\.|[^'\\\n])*')|(?<word>[\p{L}_][\p{L}\p{N}_]*)|(?<operand>[.$][\p{L}\p{N}_.$]*|[0-9][\p{L}\p{N}_.]*)|(?<sign>:=|.)/suy;

/** Returns the tokens of each action, comments left out; positions count from the start of `text`. */
export function actionsOf(text: string): readonly (readonly Token[])[] {
  const actions: Token[][] = [];
  for (let at = text.indexOf('{{'); at !== -1; at = text.indexOf('{{', at)) {
    const end = endOfComment(text, at);
    if (end !== undefined) {
      at = end;
      continue;
    }
    const action = readAction(text, at + 2);
    actions.push(action.tokens);
    at = action.end;
  }
  return actions;
}

function endOfComment(text: string, at: number): number | undefined {
  COMMENT.lastIndex = at;
  if (!COMMENT.test(text)) return undefined;
  END_OF_COMMENT.lastIndex = at;
  return END_OF_COMMENT.test(text) ? END_OF_COMMENT.lastIndex : text.length;
}

function readAction(text: string, start: number): { readonly tokens: Token[]; readonly end: number } {
  const tokens: Token[] = [];
  for (let at = start; at < text.length; ) {
    SPACE_OR_END.lastIndex = at;
    const gap = SPACE_OR_END.exec(text);
    if (gap?.groups?.end !== undefined) return { tokens, end: SPACE_OR_END.lastIndex };
    if (gap !== null) at = SPACE_OR_END.lastIndex;
    else {
      const token = readToken(text, at);
      tokens.push(token);
      at = token.end;
    }
  }
  return { tokens, end: text.length };
}

function readToken(text: string, start: number): Token {
  TOKEN.lastIndex = start;
  const match = TOKEN.exec(text);
  const found = match?.[0] ?? text.charAt(start);
  const kind = (['text', 'word', 'operand'] as const).find((one) => match?.groups?.[one] !== undefined) ?? 'sign';
  return { kind, text: found, start, end: start + found.length };
}

/** Returns `line:column` of a position, both counted as Go counts them: lines from 1, columns from 0. */
export function positionIn(text: string, at: number): { readonly line: number; readonly column: number } {
  const before = text.slice(0, at);
  return { line: before.split('\n').length, column: at - before.lastIndexOf('\n') - 1 };
}
