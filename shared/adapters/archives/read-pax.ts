/** Extended headers: lines of `length key=value`. Source: POSIX.1-2017, pax, "pax Extended Header". */
import { ArchiveError } from './archive-error.ts';

export interface PaxFields {
  path?: string;
  linkPath?: string;
  sizeBytes?: number;
}

/** Returns what concerns us of an extended header. @throws {ArchiveError} when it is damaged, or a sparse file's. */
export function readPax(content: Buffer): PaxFields {
  const fields: PaxFields = {};
  for (let at = 0; at < content.length; ) {
    const space = content.indexOf(0x20, at);
    const length = Number(content.toString('utf8', at, space));
    const isWhole = space > at && Number.isInteger(length) && length > space - at && at + length <= content.length;
    if (!isWhole) throw new ArchiveError('an extended header of it is damaged');
    // Without the newline at its end.
    takeField(fields, content.toString('utf8', space + 1, at + length - 1));
    at += length;
  }
  return fields;
}

function takeField(fields: PaxFields, record: string): void {
  const key = record.slice(0, record.indexOf('='));
  const value = record.slice(key.length + 1);
  if (key === 'path') fields.path = value;
  if (key === 'linkpath') fields.linkPath = value;
  if (key === 'size') fields.sizeBytes = sizeIn(value);
  if (key.startsWith('GNU.sparse')) throw new ArchiveError('it holds sparse files', 'pack it without --sparse');
}

function sizeIn(value: string): number {
  if (/^\d{1,15}$/.test(value)) return Number(value);
  throw new ArchiveError(`an extended header of it has the size ${JSON.stringify(value.slice(0, 40))}`);
}
