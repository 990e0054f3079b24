/** What a person asks for, as it arrives from a command line, a button or a call: text of strangers until it is parsed. */
import * as z from 'zod';
import { ACTS, type Act } from './instruction.ts';

export interface PeopleRequest {
  readonly act: Act;
  /** Absent: all of them, for `reconcile` and for what is approved by its revision. */
  readonly cluster?: string;
  /** Absent: the whole cluster. */
  readonly application?: string;
  /** Digest of the refusal to approve. */
  readonly refusal?: string;
  /** Instead of a refusal: all that is refused of this commit, wherever; at least the first 7 characters of its id. */
  readonly revision?: string;
  /** As they name themselves. */
  readonly by: string;
}

const NAME = /^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/;
const DIGEST = /^[0-9a-f]{12}$/;
const REVISION = /^[0-9a-f]{7,40}$/;
const LONGEST_BY = 100;

const requestSchema = z.object({
  act: z.enum(ACTS),
  cluster: z.string().regex(NAME).optional(),
  application: z.string().regex(NAME).optional(),
  refusal: z.string().regex(DIGEST).optional(),
  revision: z.string().regex(REVISION).optional(),
  by: z.string().optional(),
});

/** Returns the request, or what is wrong with it; unknown fields do not matter. */
export function parsePeopleRequest(value: unknown): PeopleRequest | { readonly wrong: string } {
  const parsed = requestSchema.safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const field = issue?.path.join('.') || 'it';
    return { wrong: `${field}: ${issue?.message ?? 'not readable'}` };
  }
  const { act, cluster, application, refusal, revision, by = '' } = parsed.data;
  const isForAll = act === 'reconcile' || revision !== undefined;
  if (cluster === undefined && !isForAll) return { wrong: `${act} names no cluster` };
  const isOfRefusal = act === 'approve' && refusal !== undefined && revision === undefined;
  const isOfRevision =
    act === 'approve' && revision !== undefined && refusal === undefined && application === undefined;
  if (act === 'approve' && !isOfRefusal && !isOfRevision) {
    return { wrong: 'approve names no refusal and no revision, or both' };
  }
  return {
    act,
    by: readableName(by),
    ...(cluster !== undefined && { cluster }),
    ...(application !== undefined && { application }),
    ...(refusal !== undefined && { refusal }),
    ...(act === 'approve' && revision !== undefined && { revision }),
  };
}

/** One line, without characters that cannot be seen. */
function readableName(by: string): string {
  const line = by
    .toWellFormed()
    .replace(/[\p{C}\p{Zl}\p{Zp}]+/gu, ' ')
    .trim();
  return line === '' ? 'someone' : [...line].slice(0, LONGEST_BY).join('');
}
