/**
 * Service hooks of Azure DevOps. They are not signed: the secret is the password of basic authentication, whatever the
 * user name.
 */
import * as z from 'zod';
import type { Claim } from './claim.ts';
import { type Forge, Nonsense, type WebhookMeaning, type WebhookRequest } from './forge.ts';
import { changeOf } from './ref-move.ts';

const address = z.string().nullish();
const eventSchema = z.object({ eventType: z.string() });
const pushSchema = z.object({
  resource: z.object({
    refUpdates: z.array(z.object({ name: z.string().min(1), newObjectId: z.string() })).optional(),
    repository: z.object({ remoteUrl: address, sshUrl: address, webUrl: address, defaultBranch: address }).optional(),
  }),
});

export const azureDevops: Forge = {
  name: 'Azure DevOps',
  sent: (headers) => /^basic /i.test(headers.get('authorization') ?? ''),
  claims: passwordClaims,
  read: readPayload,
};

function passwordClaims({ headers }: WebhookRequest): readonly Claim[] {
  const [, encoded = ''] = (headers.get('authorization') ?? '').split(/ +/);
  const pair = Buffer.from(encoded, 'base64').toString();
  const password = pair.slice(pair.indexOf(':') + 1);
  return pair.includes(':') && password !== '' ? [{ by: 'token', token: password }] : [];
}

function readPayload(payload: unknown): WebhookMeaning {
  const { eventType } = eventSchema.parse(payload);
  if (eventType !== 'git.push') return { kind: 'ignored', reason: 'the event is not git.push' };
  const { refUpdates, repository } = pushSchema.parse(payload).resource;
  if (refUpdates === undefined || repository === undefined) {
    throw new Nonsense('the details of the push are missing: set "Resource details to send" to "All"');
  }
  const { remoteUrl, sshUrl, webUrl, defaultBranch } = repository;
  const place = { urls: [remoteUrl, sshUrl, webUrl], defaultBranch };
  return {
    kind: 'changes',
    changes: refUpdates.map(({ name, newObjectId }) => changeOf(place, { ref: name, to: newObjectId })),
  };
}
