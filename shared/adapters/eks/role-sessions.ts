/** Credentials of roles in other accounts, by AssumeRole; the clusters of a role share them. */
import { PlumblineError } from '../../errors.ts';
import type { ErrorCode } from '../../model/problem.ts';
import { awsErrorName, awsFault, isDenied } from '../aws/aws-fault.ts';
import { clientSettings } from '../aws/client-settings.ts';
import { sessionNameOf } from './session-name.ts';

export interface EksSettings {
  /** Stands in the names of our sessions. */
  readonly fleet: string;
  /** What the trust policies of the roles ask for (`sts:ExternalId`); undefined: nothing. */
  readonly externalId?: string | undefined;
  readonly nowMs?: () => number;
}

/** As the AWS SDK has them. */
export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  readonly expiration?: Date;
}

/** For whom credentials are needed. */
export interface RoleNeed {
  /** Undefined: our own credentials, from the environment. */
  readonly roleArn: string | undefined;
  /** Where STS is asked if the environment names no region of our own. */
  readonly region: string;
  /** What the role is needed for, for messages: the name of a cluster. */
  readonly subject: string;
}

interface Session {
  readonly credentials: AwsCredentials;
  /** When it is not given out any more, in ms since 1970. */
  readonly untilMs: number;
}

/** A run may use what it was given for its 5 minutes. */
const MARGIN_MS = 5 * 60 * 1_000;
const ROLE_ARN = /^arn:[\w-]+:iam::\d{12}:role\/[\w+=,.@/-]+$/;

export class RoleSessions {
  readonly #settings: EksSettings;
  readonly #nowMs: () => number;
  readonly #sessions = new Map<string, Promise<Session>>();
  #own: Promise<() => Promise<AwsCredentials>> | undefined;

  constructor(settings: EksSettings) {
    this.#settings = settings;
    this.#nowMs = settings.nowMs ?? Date.now;
  }

  /** With `fresh`, the role is assumed anew, or the environment read anew. @throws {CredentialsExpired | ConfigInvalid | Throttled} */
  async credentialsFor(need: RoleNeed, { fresh } = { fresh: false }): Promise<AwsCredentials> {
    const { roleArn } = need;
    if (roleArn === undefined && fresh) this.#own = undefined;
    if (roleArn === undefined) return await this.#ownCredentials(need);
    const kept = fresh ? undefined : await this.#sessions.get(roleArn);
    if (kept !== undefined && this.#nowMs() < kept.untilMs) return kept.credentials;
    const assuming = this.#assume(roleArn, need);
    this.#sessions.set(roleArn, assuming);
    return (await this.#orForget(roleArn, assuming)).credentials;
  }

  async #orForget(roleArn: string, assuming: Promise<Session>): Promise<Session> {
    try {
      return await assuming;
    } catch (error) {
      if (this.#sessions.get(roleArn) === assuming) this.#sessions.delete(roleArn);
      throw error;
    }
  }

  async #ownCredentials({ subject }: RoleNeed): Promise<AwsCredentials> {
    // Imported when needed: most runs find a token that is still good.
    this.#own ??= import('@aws-sdk/credential-providers').then(({ fromNodeProviderChain }) => fromNodeProviderChain());
    try {
      const read = await this.#own;
      return await read();
    } catch (error) {
      throw awsFault(error, { subject, act: 'read AWS credentials', code: 'CredentialsExpired' });
    }
  }

  async #assume(roleArn: string, need: RoleNeed): Promise<Session> {
    const { fleet, externalId } = this.#settings;
    if (!ROLE_ARN.test(roleArn)) throw notAnArn(roleArn, need);
    const { STSClient, AssumeRoleCommand } = await import('@aws-sdk/client-sts');
    const credentials = () => this.#ownCredentials(need);
    const ours = new STSClient({ ...clientSettings(), credentials });
    const region = await ours.config.region().catch(() => need.region);
    const client = new STSClient({ ...clientSettings({ region }), credentials });
    try {
      const { Credentials: given } = await client.send(
        new AssumeRoleCommand({
          RoleArn: roleArn,
          RoleSessionName: sessionNameOf(fleet, roleArn),
          ...(externalId === undefined ? {} : { ExternalId: externalId }),
        }),
      );
      if (!given?.AccessKeyId || !given.SecretAccessKey || !given.SessionToken || !given.Expiration) {
        throw new Error('STS gave no credentials');
      }
      return {
        credentials: {
          accessKeyId: given.AccessKeyId,
          secretAccessKey: given.SecretAccessKey,
          sessionToken: given.SessionToken,
          expiration: given.Expiration,
        },
        untilMs: given.Expiration.getTime() - MARGIN_MS,
      };
    } catch (error) {
      throw assumeFault(error, roleArn, need, externalId);
    } finally {
      ours.destroy();
      client.destroy();
    }
  }
}

/** `User: arn:... is not authorized to perform: sts:AssumeRole on resource: arn:...` */
const REFUSED_PRINCIPAL = /User: (\S+) is not authorized/;

function assumeFault(
  error: unknown,
  roleArn: string,
  { subject }: RoleNeed,
  externalId: string | undefined,
): PlumblineError {
  const act = `assume ${roleArn}`;
  if (!isDenied(error)) return awsFault(error, { subject, act, code: 'CredentialsExpired' });
  const said = error instanceof Error ? error.message : '';
  const principal = REFUSED_PRINCIPAL.exec(said)?.[1] ?? 'the role of Plumbline';
  const condition = externalId === undefined ? 'without an external id' : `with the external id ${externalId}`;
  return fault('CredentialsExpired', {
    ...{ subject, act, cause: error },
    wrong: `STS refuses it to ${principal} (${awsErrorName(error)})`,
    remedy: `let the trust policy of the role name ${principal} ${condition}, and allow that one sts:AssumeRole on the role`,
  });
}

function notAnArn(roleArn: string, { subject }: RoleNeed): PlumblineError {
  return fault('ConfigInvalid', {
    ...{ subject, act: 'assume its role' },
    wrong: `roleArn "${roleArn}" is no ARN of a role`,
    remedy: 'write it as arn:aws:iam::123456789012:role/name',
  });
}

function fault(
  code: ErrorCode,
  {
    cause,
    ...said
  }: {
    readonly subject: string;
    readonly act: string;
    readonly wrong: string;
    readonly remedy: string;
    readonly cause?: unknown;
  },
): PlumblineError {
  return new PlumblineError([{ code, ...said }], cause === undefined ? undefined : { cause });
}
