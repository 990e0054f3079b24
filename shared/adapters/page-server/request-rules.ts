/**
 * Which requests a server on loopback answers. A web site that a person visits can make the browser send requests here:
 * under its own name for 127.0.0.1 (DNS rebinding), which the Host header betrays. Nothing is changed by a request, so
 * reading is all there is to keep others from.
 */

export interface Refusal {
  readonly status: 403 | 405;
  readonly text: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const LOOPBACK_NAMES: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]']);

/** Returns why the request is refused; undefined: it is answered. */
export function refusalOf(
  { method, host }: { readonly method: string | undefined; readonly host: string | undefined },
  port: number,
): Refusal | undefined {
  if (!isOwnHost(host, port)) {
    return { status: 403, text: `this server answers to localhost:${port} and 127.0.0.1:${port} only` };
  }
  if (method === 'GET' || method === 'HEAD') return undefined;
  return { status: 405, text: 'only GET and HEAD: nothing can be changed here', headers: { allow: 'GET, HEAD' } };
}

/** Browsers leave the port away where it is HTTP's own. */
function isOwnHost(host: string | undefined, port: number): boolean {
  const [, name = '', given] = /^(\[[^\]]*\]|[^:]*)(?::(\d+))?$/.exec(host?.toLowerCase() ?? '') ?? [];
  return LOOPBACK_NAMES.has(name) && (given === undefined ? port === 80 : given === String(port));
}
