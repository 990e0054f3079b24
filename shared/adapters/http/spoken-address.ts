/**
 * Which addresses are spoken to. A fleet repository may be written by more people than own the account that the planner
 * runs in, so nothing that it declares, and no answer of a server, may lead to the services that hand out credentials to
 * whoever asks, or to what listens on this machine alone.
 */
import { isIP } from 'node:net';

/** AWS's own metadata services by IPv6 and for containers stand outside of the link-local ranges. */
const LINK_LOCAL = /^(?:169\.254\.|\[(?:fe[89ab][0-9a-f]:|fd00:ec2:|::ffff:a9fe:))/;
const LOOPBACK = /^(?:127(?:\.\d{1,3}){3}|\[::1\]|localhost)$/;

/** Returns what is wrong with speaking to the host of `url`; undefined: nothing. */
export function wrongWith(url: URL): string | undefined {
  if (LINK_LOCAL.test(url.hostname)) return `${url.hostname} is a link-local address`;
  if (url.protocol === 'https:') return undefined;
  if (url.protocol === 'http:' && isLoopback(url)) return undefined;
  const shown = isIP(url.hostname) === 0 ? url.host : url.hostname;
  return `${url.protocol}//${shown} is not encrypted`;
}

/** Returns what is wrong with going from `from` on to `to`, as its answer says; undefined: nothing. */
export function wrongWithTurn(from: URL, to: URL): string | undefined {
  if (isLoopback(to) && !isLoopback(from)) return `${to.host} is this machine`;
  return wrongWith(to);
}

export function isLoopback({ hostname }: URL): boolean {
  return LOOPBACK.test(hostname);
}
