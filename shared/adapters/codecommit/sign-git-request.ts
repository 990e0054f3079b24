/**
 * The user name and password that CodeCommit takes from Git over HTTPS: the key id, with its session token, and a time
 * with a signature. It is Signature Version 4 over a canonical request of its own (method GIT, no line for the payload,
 * a time without its Z). Source: aws/git-remote-codecommit, git_remote_codecommit/__init__.py.
 */
import { createHash, createHmac } from 'node:crypto';

export interface AwsKeys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
}

export interface GitRequestPlace {
  readonly region: string;
  /** With its port, if it has one. */
  readonly host: string;
  /** `/v1/repos/fleet`; the same for all requests to a repository. */
  readonly path: string;
  readonly at: Date;
}

const SERVICE = 'codecommit';

/** Returns what goes into basic authentication; the password is good for 15 minutes. */
export function signGitRequest(keys: AwsKeys, { region, host, path, at }: GitRequestPlace) {
  const time = at.toISOString().replace(/[-:]|\.\d+Z$/g, '');
  const scope = [time.slice(0, 8), region, SERVICE, 'aws4_request'];
  const request = `GIT\n${path}\n\nhost:${host}\n\nhost\n`;
  const toSign = `AWS4-HMAC-SHA256\n${time}\n${scope.join('/')}\n${createHash('sha256').update(request).digest('hex')}`;
  const key = scope.reduce<Buffer>((secret, part) => hmac(secret, part), Buffer.from(`AWS4${keys.secretAccessKey}`));
  const username = keys.sessionToken === undefined ? keys.accessKeyId : `${keys.accessKeyId}%${keys.sessionToken}`;
  return { username, password: `${time}Z${hmac(key, toSign).toString('hex')}` };
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
