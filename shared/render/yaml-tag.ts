import { isSpace, isWord, type YamlCursor, YamlError } from './yaml-cursor.ts';

const STANDARD = 'tag:yaml.org,2002:';
const HANDLE = /![\w-]*!?/y;
const URI = /(?:[\w\-;/?:@&=+$,.!~*'()[\]]|%[0-9A-Fa-f]{2})*/y;

/** Takes a tag and returns its full name: `tag:yaml.org,2002:int` for `!!int`, `!mine`, `!`. */
export function takeTag(cursor: YamlCursor): string {
  const start = cursor.at;
  const tag = cursor.code(1) === 0x3c ? takeVerbatim(cursor) : takeShort(cursor);
  if (isSpace(cursor.code())) return tag;
  throw refusal(start, cursor.text.slice(start, cursor.at + 1));
}

function takeVerbatim(cursor: YamlCursor): string {
  const start = cursor.at;
  cursor.at += 2;
  const uri = take(cursor, URI);
  if (uri === '' || cursor.code() !== 0x3e) throw refusal(start, `!<${uri}`);
  cursor.at += 1;
  return decode(uri, start);
}

function takeShort(cursor: YamlCursor): string {
  const start = cursor.at;
  const handle = take(cursor, HANDLE);
  const suffix = take(cursor, URI);
  if (handle === '!!' && suffix !== '') return STANDARD + decode(suffix, start);
  // `!name!...` would need a %TAG directive, which kubectl's way of parting documents rules out.
  if (handle.length > 1 && handle.endsWith('!')) throw refusal(start, handle + suffix);
  return handle + decode(suffix, start);
}

function take(cursor: YamlCursor, pattern: RegExp): string {
  pattern.lastIndex = cursor.at;
  const [taken = ''] = pattern.exec(cursor.text) ?? [];
  cursor.at += taken.length;
  return taken;
}

function decode(uri: string, start: number): string {
  try {
    return uri.replaceAll(/(?:%[0-9A-Fa-f]{2})+/g, (octets) => decodeURIComponent(octets));
  } catch {
    throw refusal(start, uri);
  }
}

function refusal(start: number, tag: string): YamlError {
  return new YamlError(
    start,
    `${JSON.stringify(tag)} is no tag that kubectl reads`,
    'correct the tag, or quote the text',
  );
}

const AFTER_NAME = '?:,]}%@`';

/** Takes `&name` or `*name` and returns the name. */
export function takeAnchorName(cursor: YamlCursor): string {
  const start = cursor.at;
  cursor.at += 1;
  while (isWord(cursor.code())) cursor.at += 1;
  const name = cursor.text.slice(start + 1, cursor.at);
  const next = cursor.code();
  if (name !== '' && (isSpace(next) || AFTER_NAME.includes(String.fromCharCode(next)))) return name;
  const shown = JSON.stringify(cursor.text.slice(start, cursor.at + 1));
  const wrong = `${shown} begins no name: they are made of letters, digits, "_" and "-"`;
  throw new YamlError(start, wrong, 'quote a text that begins with & or *');
}
