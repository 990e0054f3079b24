import * as z from 'zod';
import type { Problem } from './problem.ts';

const name = z.string().min(1);
const hop = z.int().min(0);
/** A correlation id: safe in a log, an HTTP header and a message attribute. */
export const TRACE_PATTERN = /^[\w:.-]{1,64}$/;
const trace = z.string().regex(TRACE_PATTERN).exactOptional();
const nudgeSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('fleet'), fleet: name, hop, trace }),
  z.object({ kind: z.literal('cluster'), fleet: name, cluster: name, network: name.exactOptional(), hop, trace }),
  z.object({ kind: z.literal('render'), fleet: name, input: name, hop, trace }),
]);

export type ParsedNudge =
  | { readonly ok: true; readonly nudge: z.infer<typeof nudgeSchema> }
  /** With the first field that is wrong. */
  | { readonly ok: false; readonly problem: Problem };

/** Returns the nudge that a message's body is, or why it is none. */
export function parseNudge(body: unknown): ParsedNudge {
  const parsed = nudgeSchema.safeParse(body);
  if (parsed.success) return { ok: true, nudge: parsed.data };
  const [issue] = parsed.error.issues;
  const place = issue?.path.join('.') || 'body';
  const problem: Problem = {
    code: 'MessageInvalid',
    subject: 'a message in the queue',
    act: 'read',
    wrong: `${place}: ${issue?.message ?? 'not readable'}`,
    remedy: 'let nothing but Plumbline send to its queue; the message is kept with the dead letters',
  };
  return { ok: false, problem };
}
