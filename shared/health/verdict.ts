import type { HealthVerdict } from '../model/health.ts';

/** Long enough for a scheduler's sentence, short enough for a table cell and for the state table. */
const MESSAGE_LENGTH = 300;

export const HEALTHY: HealthVerdict = { health: 'healthy', reason: '' };

export function progressing(reason: string): HealthVerdict {
  return { health: 'progressing', reason };
}

export function degraded(reason: string): HealthVerdict {
  return { health: 'degraded', reason };
}

export function suspended(reason: string): HealthVerdict {
  return { health: 'suspended', reason };
}

/** Returns `text` on one line, cut to 300 characters: messages of controllers may be pages long. */
export function oneLine(text: string): string {
  const line = text.replace(/\s+/gu, ' ').trim();
  return line.length <= MESSAGE_LENGTH ? line : `${line.slice(0, MESSAGE_LENGTH - 1)}…`;
}

/** Returns `1 replica`, `2 replicas`. */
export function countOf(count: number, noun: string): string {
  return count === 1 ? `1 ${noun}` : `${count} ${noun}s`;
}

/** Returns `2 of 3 replicas ready`. */
export function someOf(part: number, whole: number, what: string): string {
  return `${part} of ${whole} ${what}`;
}
