/** Who we are to a registry of ECR: a password of twelve hours, which IAM gives to whoever may pull. */
import { type ECRClient, GetAuthorizationTokenCommand } from '@aws-sdk/client-ecr';
import { awsFault } from '../aws/aws-fault.ts';
import type { HttpCredentials } from '../http/http-client.ts';

interface Password {
  readonly header: string;
  readonly untilMs: number;
}

const MARGIN_MS = 600_000;
const LIFE_MS = 12 * 3_600_000;

/** Returns credentials that ask once in twelve hours, and again when they are refused. */
export function ecrCredentials(client: ECRClient, subject: string): HttpCredentials {
  let known: Promise<Password> | undefined;
  return {
    authorization: async ({ refused }) => {
      const kept = refused ? undefined : await known?.catch(() => undefined);
      if (kept !== undefined && Date.now() < kept.untilMs) return kept.header;
      known = askFor(client, subject);
      return (await known).header;
    },
  };
}

/** @throws {CredentialsExpired | Throttled} */
async function askFor(client: ECRClient, subject: string): Promise<Password> {
  try {
    const { authorizationData } = await client.send(new GetAuthorizationTokenCommand({}));
    const [first] = authorizationData ?? [];
    if (first?.authorizationToken === undefined) throw new Error('the answer holds no token');
    const untilMs = (first.expiresAt?.getTime() ?? Date.now() + LIFE_MS) - MARGIN_MS;
    return { header: `Basic ${first.authorizationToken}`, untilMs };
  } catch (error) {
    throw awsFault(error, { subject, act: 'ask ECR for a password', code: 'CredentialsExpired' });
  }
}
