/**
 * Which addresses are spoken to. A fleet repository may be written by more people than own the account that the planner
 * runs in, so nothing that it declares may lead to the services that hand out credentials to whoever asks.
 */
import { isIP } from 'node:net';
import { PlumblineError } from '../../errors.ts';

/** AWS's own metadata services by IPv6 and for containers stand outside of the link-local ranges. */
const LINK_LOCAL = /^(?:169\.254\.|\[(?:fe[89ab][0-9a-f]:|fd00:ec2:|::ffff:a9fe:))/;
const LOOPBACK = /^(?:127(?:\.\d{1,3}){3}|\[::1\]|localhost)$/;

/**
 * Returns the address of a repository, without a slash at its end.
 *
 * @throws {ConfigInvalid} when it is not https, names credentials or is an address that no Git server has. What stands
 *   in it before the host is never quoted.
 */
export function parseGitAddress(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined) throw invalid('it is no URL', 'give one such as https://github.com/example/fleet.git');
  const wrong = wrongWith(url);
  if (wrong !== undefined) throw invalid(wrong, 'give an https address that the Git server has');
  if (url.username !== '' || url.password !== '') {
    throw invalid(
      `it holds credentials for ${url.host}`,
      'put them into a secret and name that as spec.git.credentials',
    );
  }
  if (url.search !== '' || url.hash !== '') throw invalid('it has a query or a fragment', 'end it with the path');
  url.pathname = url.pathname.replace(/\/+$/, '');
  return url;
}

/** Returns what is wrong with speaking to the host of `url`; undefined: nothing. */
export function wrongWith(url: URL): string | undefined {
  if (LINK_LOCAL.test(url.hostname)) return `${url.hostname} is a link-local address`;
  if (url.protocol === 'https:') return undefined;
  if (url.protocol === 'http:' && LOOPBACK.test(url.hostname)) return undefined;
  const shown = isIP(url.hostname) === 0 ? url.host : url.hostname;
  return `${url.protocol}//${shown} is not encrypted`;
}

function invalid(wrong: string, remedy: string): PlumblineError {
  return new PlumblineError([
    { code: 'ConfigInvalid', subject: 'spec.git.url', act: 'open the repository', wrong, remedy },
  ]);
}
