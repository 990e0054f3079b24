/**
 * Formats of texts that the API server checks. Of kinds that Kubernetes brings along these are times and bytes alone,
 * because their Go types read them; of kinds of a CRD those that it knows by name, the others it lets pass.
 * Source: apiextensions-apiserver v0.36, pkg/apiserver/validation/formats.go; kube-openapi, pkg/validation/strfmt.
 */

export interface FormatFault {
  readonly expected: string;
  readonly remedy: string;
}

interface Format {
  readonly expected: string;
  readonly example: string;
  readonly accepts: (text: string) => boolean;
}

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const TIME =
  /^(\d{4})-(\d\d)-(\d\d)T([01]\d|2[0-3]):([0-5]\d):([0-5]\d)(?:[.,]\d+)?(?:Z|[+-](?:[01]\d|2[0-4]):[0-5]\d)$/;
const LOOSE_TIME = /^(\d{4})-(\d\d)-(\d\d)[Tt ]\d\d:\d\d(:\d\d(\.\d+)?)?([Zz]|[+-]\d\d:?\d\d)?$/;
const IPV4_PART = '(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)';
const IPV4 = new RegExp(`^${IPV4_PART}(?:\\.${IPV4_PART}){3}$`);
const GO_DURATION = /^[+-]?(?:0|(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+)$/;
const LONG_DURATION = /^\s*(?:\d+\s*(?:ns|us|ms|s|m|h|d|w|[a-z]+)\s*)+$/i;

const BYTES: Format = {
  expected: 'base64',
  example: 'encode it: printf %s value | base64',
  // The decoder of Go takes line breaks as if they were not there.
  accepts: (text) => BASE64.test(text.replaceAll(/[\r\n]/g, '')),
};

const BUILT_IN: Readonly<Record<string, Format>> = {
  byte: BYTES,
  'date-time': {
    expected: 'a time as RFC 3339 has it',
    example: 'write it as 2026-01-31T08:00:00Z',
    accepts: (text) => isDay(TIME.exec(text)),
  },
};

const CUSTOM: Readonly<Record<string, Format>> = {
  byte: { ...BYTES, accepts: (text) => text !== '' && BYTES.accepts(text) },
  date: {
    expected: 'a date',
    example: 'write it as 2026-01-31',
    accepts: (text) => isDay(/^(\d{4})-(\d\d)-(\d\d)$/.exec(text)),
  },
  'date-time': {
    expected: 'a date and time',
    example: 'write it as 2026-01-31T08:00:00Z',
    accepts: (text) => isDay(LOOSE_TIME.exec(text)),
  },
  duration: {
    expected: 'a duration',
    example: 'write it as 90s, 10m or 1h30m',
    accepts: (text) => GO_DURATION.test(text) || LONG_DURATION.test(text),
  },
  ipv4: { expected: 'an IPv4 address', example: 'write it as 10.0.0.1', accepts: (text) => IPV4.test(text) },
  ipv6: { expected: 'an IPv6 address', example: 'write it as fd00::1', accepts: isIpv6 },
  cidr: {
    expected: 'a range of addresses',
    example: 'write it as 10.0.0.0/16',
    accepts: isIpRange,
  },
  uuid: {
    expected: 'a UUID',
    example: 'write it as 6f1c1a52-0d9b-4a5e-9b7f-1c6c3f0d2e11',
    accepts: (text) => /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i.test(text),
  },
  mac: {
    expected: 'a hardware address',
    example: 'write it as 00:00:5e:00:53:01',
    accepts: (text) => /^[0-9a-f]{2}([:-][0-9a-f]{2}){5,19}$|^[0-9a-f]{4}(\.[0-9a-f]{4}){2,9}$/i.test(text),
  },
};

/** Undefined: it is well written, or the server does not check this format. */
export function formatFault(
  text: string,
  format: string,
  { custom }: { readonly custom: boolean },
): FormatFault | undefined {
  const formats = custom ? CUSTOM : BUILT_IN;
  const known = Object.hasOwn(formats, format) ? formats[format] : undefined;
  if (known === undefined || known.accepts(text)) return undefined;
  return { expected: known.expected, remedy: known.example };
}

function isDay(match: RegExpExecArray | null): boolean {
  if (match === null) return false;
  const [year = 0, month = 0, day = 0] = match.slice(1, 4).map(Number);
  return month >= 1 && month <= 12 && day >= 1 && day <= new Date(Date.UTC(year, month, 0)).getUTCDate();
}

function isIpv6(text: string): boolean {
  if (!/^[0-9a-f:.]+$/i.test(text) || !text.includes(':')) return false;
  const halves = text.split('::');
  if (halves.length > 2) return false;
  const groups = halves.flatMap((half) => (half === '' ? [] : half.split(':')));
  const last = groups.at(-1) ?? '';
  const isMixed = last.includes('.');
  if (isMixed && !IPV4.test(last)) return false;
  const words = isMixed ? groups.slice(0, -1) : groups;
  const count = words.length + (isMixed ? 2 : 0);
  return words.every((word) => /^[0-9a-f]{1,4}$/i.test(word)) && (halves.length === 2 ? count < 8 : count === 8);
}

export function isIp(text: string): boolean {
  return IPV4.test(text) || isIpv6(text);
}

/** Tells a CIDR. */
export function isIpRange(text: string): boolean {
  const [, address = '', bits = ''] = /^(.*)\/(\d{1,3})$/.exec(text) ?? [];
  return (IPV4.test(address) && Number(bits) <= 32) || (isIpv6(address) && Number(bits) <= 128);
}
