import { azureDevops } from './azure-devops.ts';
import { bitbucket } from './bitbucket.ts';
import type { Claim } from './claim.ts';
import { type Forge, Nonsense, type WebhookMeaning, type WebhookRequest } from './forge.ts';
import { gitea } from './gitea.ts';
import { github } from './github.ts';
import { gitlab } from './gitlab.ts';
import { meaningOf } from './meaning-of.ts';
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
  return meaningOf(forge.name, () => forge.read(payloadOf(request), request.headers));
}

function forgeOf({ headers }: WebhookRequest): Forge | undefined {
  return FORGES.find((forge) => forge.sent(headers));
}

/**
 * GitHub can be told to send a form, whose field `payload` is the JSON. A form without it is taken for JSON too: curl says
 * of everything that it is a form.
 */
function payloadOf({ headers, body }: WebhookRequest): unknown {
  const text = textOf(body);
  const isForm = /^application\/x-www-form-urlencoded\b/i.test(headers.get('content-type') ?? '');
  const payload = isForm ? new URLSearchParams(text).get('payload') : null;
  try {
    return JSON.parse(payload ?? text);
  } catch {
    throw new Nonsense('the body is no JSON');
  }
}

function textOf(body: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    throw new Nonsense('the body is no UTF-8');
  }
}
