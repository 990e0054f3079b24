/** User and password for a push to CodeCommit, as git-remote-codecommit makes them. */
import { createHash, createHmac } from 'node:crypto';
import type { Credentials } from './roles.ts';

/** Returns the address of a repository with user and password in it, good for 15 minutes. */
export function signedRepositoryUrl(endpoint: string, name: string, region: string, credentials: Credentials): string {
  const url = new URL(`/v1/repos/${name}`, endpoint);
  const time = new Date().toISOString().replaceAll(/[-:]|\.\d+Z$/g, '');
  const scope = [time.slice(0, 8), region, 'codecommit', 'aws4_request'];
  const canonical = `GIT\n${url.pathname}\n\nhost:${url.host}\n\nhost\n`;
  const text = ['AWS4-HMAC-SHA256', time, scope.join('/'), createHash('sha256').update(canonical).digest('hex')].join(
    '\n',
  );
  const sign = (key: string | Buffer, value: string) => createHmac('sha256', key).update(value).digest();
  const key = scope.reduce<string | Buffer>(sign, `AWS4${credentials.secretAccessKey}`);
  url.username = encodeURIComponent(`${credentials.accessKeyId}%${credentials.sessionToken}`);
  url.password = `${time}Z${sign(key, text).toString('hex')}`;
  return url.href;
}
