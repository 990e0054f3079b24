/**
 * Secrets by ARN, kept in memory for a few minutes. Current and previous value are both valid, so that a secret is rotated
 * without a moment in which neither side agrees. Values stand in no error, and only ARNs that are configured come here:
 * a name that a stranger sent has none.
 */
import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { PlumblineError } from '../../errors.ts';
import { awsErrorName, awsFault } from '../aws/aws-fault.ts';

export interface Secret {
  readonly current: string;
  /** Absent: it was never rotated. */
  readonly previous?: string;
}

const KEPT_FOR_MS = 300_000;

interface Kept {
  readonly secret: Promise<Secret>;
  readonly untilMs: number;
}

export class SecretReader {
  readonly #client: SecretsManagerClient;
  readonly #monotonicMs: () => number;
  readonly #kept = new Map<string, Kept>();

  constructor(client: SecretsManagerClient, monotonicMs: () => number = () => performance.now()) {
    this.#client = client;
    this.#monotonicMs = monotonicMs;
  }

  /**
   * Returns the secret; two calls at most every five minutes, however often it is asked for.
   *
   * `fresh`: what is kept was refused, so it is read anew.
   *
   * @throws {ConfigInvalid} when there is no such secret, or it has no value.
   * @throws {StateUnavailable | Throttled} when it cannot be read now.
   */
  read(arn: string, { fresh = false }: { readonly fresh?: boolean } = {}): Promise<Secret> {
    const kept = fresh ? undefined : this.#kept.get(arn);
    if (kept !== undefined && this.#monotonicMs() < kept.untilMs) return kept.secret;
    const secret = this.#fetch(arn);
    this.#kept.set(arn, { secret, untilMs: this.#monotonicMs() + KEPT_FOR_MS });
    // A failure is not kept: it is told to those who wait for it, and the next one asks again.
    secret.catch(() => {
      if (this.#kept.get(arn)?.secret === secret) this.#kept.delete(arn);
    });
    return secret;
  }

  async #fetch(arn: string): Promise<Secret> {
    const [current, previous] = await Promise.all([
      this.#fetchStage(arn, 'AWSCURRENT'),
      this.#fetchStage(arn, 'AWSPREVIOUS'),
    ]);
    if (current === undefined) throw noSecret(arn);
    return { current, ...(previous !== undefined && { previous }) };
  }

  async #fetchStage(arn: string, stage: string): Promise<string | undefined> {
    try {
      const command = new GetSecretValueCommand({ SecretId: arn, VersionStage: stage });
      const { SecretString, SecretBinary } = await this.#client.send(command);
      return SecretString ?? (SecretBinary && new TextDecoder().decode(SecretBinary));
    } catch (error) {
      if (awsErrorName(error) === 'ResourceNotFoundException') return undefined;
      throw awsFault(error, { subject: `secret ${arn}`, act: 'read', code: 'StateUnavailable' });
    }
  }
}

function noSecret(arn: string): PlumblineError {
  return new PlumblineError([
    {
      code: 'ConfigInvalid',
      subject: `secret ${arn}`,
      act: 'read',
      wrong: 'there is no such secret, or it has no value yet',
      remedy: 'make it in Secrets Manager in this region, or correct its ARN in plumbline.config.ts',
    },
  ]);
}
