import { ZodError } from 'zod';
import { azureDevops } from './azure-devops.ts';
import { bitbucket } from './bitbucket.ts';
import type { Claim } from './claim.ts';
import { type Forge, Nonsense, type WebhookMeaning, type WebhookRequest } from './forge.ts';
import { gitea } from './gitea.ts';
import { github } from './github.ts';
import { gitlab } from './gitlab.ts';
import { signedCall } from './signed-call.ts';

/** Gitea before GitHub, whose headers it sends too; Azure DevOps last, it has nothing but its password to be known by. */
const FORGES: readonly Forge[] = [signedCall, gitea, github, gitlab, bitbucket, azureDevops];

/** Returns what the request brings as proof of its origin; empty when there is none, and then it cannot be believed. */
export function claimsOf(request: WebhookRequest): readonly Claim[] {
  return forgeOf(request)?.claims(request) ?? [];
}

/** Returns what the request says. To be asked only once its claims are proven. Never throws, whatever the bytes. */
export function readWebhook(request: WebhookRequest): WebhookMeaning {
  const forge = forgeOf(request);
  if (forge === undefined) return { kind: 'nonsense', reason: 'the headers are those of no forge that is known' };
  try {
    return forge.read(payloadOf(request), request.headers);
  } catch (error) {
    return { kind: 'nonsense', reason: `${forge.name}: ${reasonOf(error)}` };
  }
}

function forgeOf({ headers }: WebhookRequest): Forge | undefined {
  return FORGES.find((forge) => forge.sent(headers));
}

/** GitHub can be told to send a form, whose field `payload` is the JSON. */
function payloadOf({ headers, body }: WebhookRequest): unknown {
  const text = new TextDecoder('utf-8', { fatal: true }).decode(body);
  const isForm = /^application\/x-www-form-urlencoded\b/i.test(headers.get('content-type') ?? '');
  const json = isForm ? new URLSearchParams(text).get('payload') : text;
  if (json === null) throw new Nonsense('the form has no field "payload"');
  return JSON.parse(json);
}

/** Names the first field that is wrong, never a value: what was sent is not to be sent back. */
function reasonOf(error: unknown): string {
  if (error instanceof Nonsense) return error.message;
  if (error instanceof SyntaxError) return 'the body is no JSON';
  if (error instanceof TypeError) return 'the body is no UTF-8';
  if (!(error instanceof ZodError)) throw error;
  const [issue] = error.issues;
  return `${issue?.path.join('.') || 'body'}: ${issue?.message ?? 'not readable'}`;
}
