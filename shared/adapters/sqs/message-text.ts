/**
 * What SQS takes as text. Bodies and attributes may hold the characters of XML 1.0 alone; group ids at most 128
 * characters of ASCII letters, digits and punctuation (API reference, SendMessage).
 */
import { createHash } from 'node:crypto';
import type { Nudge } from '../../job/ports.ts';

const GROUP_LIMIT = 128;
const LEGAL_GROUP = /^[!-~]{1,128}$/;
const NOT_PRINTABLE_ASCII = /[^\x20-\x7e]/g;
/** Attributes count into the size of a message; nobody reads a longer reason. */
const REASON_LIMIT = 1_024;

/** Returns a nudge as JSON in ASCII: one byte a character, and nothing that XML could refuse. */
export function nudgeText(nudge: Nudge): string {
  return JSON.stringify(nudge).replace(
    NOT_PRINTABLE_ASCII,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/**
 * Returns the tenant of a fair queue that a nudge belongs to: a cluster with a thousand messages does not hold up the
 * others. A name that is too long or has other characters is cut and told apart by its hash.
 */
export function messageGroupOf(nudge: Nudge): string {
  const name = nameOf(nudge);
  if (LEGAL_GROUP.test(name)) return name;
  const hash = createHash('sha256').update(name).digest('hex');
  return `${name.replace(/[^!-~]/g, '_').slice(0, GROUP_LIMIT - 1 - hash.length)}-${hash}`;
}

function nameOf(nudge: Nudge): string {
  switch (nudge.kind) {
    case 'fleet':
      return nudge.fleet;
    case 'cluster':
      return nudge.cluster;
    case 'render':
      return nudge.input;
  }
}

/** Returns the reason of a rejection as an attribute's value: never empty, cut, other characters replaced. */
export function reasonText(reason: string): string {
  const text = [...reason.toWellFormed()].filter(isXmlCharacter).slice(0, REASON_LIMIT).join('');
  return text === '' ? 'no reason given' : text;
}

/** https://www.w3.org/TR/REC-xml/#charsets, surrogates already joined. */
function isXmlCharacter(character: string): boolean {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x20) return code === 0x9 || code === 0xa || code === 0xd;
  return code !== 0xfffe && code !== 0xffff;
}
