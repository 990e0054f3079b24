import { ZodError } from 'zod';
import { Nonsense, type WebhookMeaning } from './forge.ts';

/** Returns what `read` makes of a message; nonsense, with the sender's name and the reason, when it cannot be read. */
export function meaningOf(sender: string, read: () => WebhookMeaning): WebhookMeaning {
  try {
    return read();
  } catch (error) {
    return { kind: 'nonsense', reason: `${sender}: ${reasonOf(error)}` };
  }
}

/** Names the first field that is wrong, never a value: what was sent is not to be sent back. */
function reasonOf(error: unknown): string {
  if (error instanceof Nonsense) return error.message;
  if (!(error instanceof ZodError)) throw error;
  const [issue] = error.issues;
  return `${issue?.path.join('.') || 'body'}: ${issue?.message ?? 'not readable'}`;
}
