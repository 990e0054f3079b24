import type { RepositoryChange } from '../../model/repository-change.ts';
import type { Claim } from './claim.ts';

/** One request as it came. */
export interface WebhookRequest {
  /** By name in lower case. */
  readonly headers: ReadonlyMap<string, string>;
  /** The bytes that were signed. */
  readonly body: Uint8Array;
}

/** What a request says, once it is known to come from whom it says. */
export type WebhookMeaning =
  | { readonly kind: 'changes'; readonly changes: readonly RepositoryChange[] }
  /** The forge tries whether anybody is there. */
  | { readonly kind: 'ping' }
  /** A star, an issue, a comment: nothing that Plumbline looks at. */
  | { readonly kind: 'ignored'; readonly reason: string }
  | { readonly kind: 'nonsense'; readonly reason: string };

/** One kind of sender. */
export interface Forge {
  readonly name: string;
  /** Tells by the headers whether a request is of this kind; the first of the list that says so is taken. */
  readonly sent: (headers: ReadonlyMap<string, string>) => boolean;
  /** What the request brings as proof of where it comes from; empty: nothing. Reads no body but to have it signed. */
  readonly claims: (request: WebhookRequest) => readonly Claim[];
  /** @throws {Nonsense | ZodError} which `meaningOf` turns into a meaning. */
  readonly read: (payload: unknown, headers: ReadonlyMap<string, string>) => WebhookMeaning;
}

/** Why a payload cannot be what its headers say. */
export class Nonsense extends Error {
  override readonly name = 'Nonsense';
}
