/** Who is behind an access key, as STS would know it: what a test needs to check a signature itself. */
export interface AwsIdentity {
  readonly secretAccessKey: string;
  /** Absent for keys that last. */
  readonly sessionToken?: string;
  /** `arn:aws:sts::123456789012:assumed-role/name/session`, or of a user or role. */
  readonly arn: string;
}

export type FindIdentity = (accessKeyId: string) => AwsIdentity | undefined | Promise<AwsIdentity | undefined>;

/** Access keys that were handed out, noted one by one. */
export class KnownIdentities {
  readonly #byKey = new Map<string, AwsIdentity>();

  add(accessKeyId: string, identity: AwsIdentity): void {
    this.#byKey.set(accessKeyId, identity);
  }

  /** Notes whom an answer of STS to AssumeRole (XML) makes someone. */
  noteAssumedRole(answer: string): void {
    const read = (element: string) => new RegExp(`<${element}>([^<]+)</${element}>`).exec(answer)?.[1];
    const [accessKeyId, secretAccessKey, sessionToken, arn] = [
      read('AccessKeyId'),
      read('SecretAccessKey'),
      read('SessionToken'),
      read('Arn'),
    ];
    if (!accessKeyId || !secretAccessKey || !sessionToken || !arn) throw new Error(`no AssumeRole answer: ${answer}`);
    this.add(accessKeyId, { secretAccessKey, sessionToken, arn });
  }

  readonly find: FindIdentity = (accessKeyId) => this.#byKey.get(accessKeyId);
}

/** Returns the role behind a session's ARN, as access entries name it; other ARNs as they are (IAMA pkg/arn/arn.go). */
export function canonicalArn(arn: string): string {
  const session = /^arn:([\w-]+):sts::(\d{12}):assumed-role\/([^/]+)\/[^/]+$/.exec(arn);
  return session === null ? arn : `arn:${session[1]}:iam::${session[2]}:role/${session[3]}`;
}
