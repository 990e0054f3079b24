import { PlumblineError } from '../../errors.ts';
import { wrongWith } from '../http/spoken-address.ts';

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

function invalid(wrong: string, remedy: string): PlumblineError {
  return new PlumblineError([
    { code: 'ConfigInvalid', subject: 'spec.git.url', act: 'open the repository', wrong, remedy },
  ]);
}
