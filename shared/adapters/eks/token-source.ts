import type { CredentialSource } from '../../job/cluster-provider.ts';
import { signToken, type TokenSubject } from './cluster-token.ts';
import type { RoleSessions } from './role-sessions.ts';

interface KeptToken {
  readonly token: string;
  readonly untilMs: number;
}

/** Tokens live for 15 minutes; the clocks of the two sides may be 5 apart. */
const KEPT_MS = 10 * 60 * 1_000;

/** Signs tokens for clusters and keeps each as long as it is surely good: STS throttles what clusters ask it. */
export class TokenSource {
  readonly #sessions: RoleSessions;
  readonly #nowMs: () => number;
  readonly #kept = new Map<string, Promise<KeptToken>>();

  constructor(sessions: RoleSessions, nowMs: () => number) {
    this.#sessions = sessions;
    this.#nowMs = nowMs;
  }

  /** Returns the credentials of a cluster; a role's session is one, so that role and cluster name the token. */
  credentialsOf(subject: TokenSubject, roleArn: string | undefined): CredentialSource {
    const key = JSON.stringify([roleArn, subject.region, subject.name]);
    return {
      renewable: true,
      remedy: `give ${roleArn ?? 'the role of Plumbline'} an access entry in the cluster, and check the clock here`,
      read: async ({ fresh }) => {
        const kept = fresh ? undefined : await this.#kept.get(key);
        const token =
          kept !== undefined && this.#nowMs() < kept.untilMs
            ? kept.token
            : await this.#sign(key, subject, { roleArn, fresh });
        return { headers: { authorization: `Bearer ${token}` } };
      },
    };
  }

  async #sign(
    key: string,
    subject: TokenSubject,
    need: { readonly roleArn: string | undefined; readonly fresh: boolean },
  ): Promise<string> {
    const { roleArn, fresh } = need;
    const signing = (async () => {
      const { region, cluster } = subject;
      const credentials = await this.#sessions.credentialsFor({ roleArn, region, subject: cluster }, { fresh });
      const nowMs = this.#nowMs();
      const token = await signToken(subject, credentials, nowMs);
      return {
        token,
        untilMs: Math.min(nowMs + KEPT_MS, credentials.expiration?.getTime() ?? Number.POSITIVE_INFINITY),
      };
    })();
    this.#kept.set(key, signing);
    try {
      return (await signing).token;
    } catch (error) {
      if (this.#kept.get(key) === signing) this.#kept.delete(key);
      throw error;
    }
  }
}
