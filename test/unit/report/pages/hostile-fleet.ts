import type { SampleFleet } from '../../../e2e/page-sample.ts';

/** What a repository or a cluster could say to break out: of text, of an attribute, of a link, of the reading direction. */
export const PAYLOADS = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "' onmouseover='alert(1)",
  'javascript:alert(1)',
  '</title></style><svg onload=alert(1)>',
  '&lt;b&gt;`#{7*7}`',
  '\u202egpj.exe\u2066\u0000\u001b[31m\u200b',
  '../..//evil.example',
].join('');

/** Words of our own that stand in unions; whatever else is text comes from outside. */
const OWN_FIELDS: ReadonlySet<string> = new Set([
  ...['code', 'sync', 'health', 'cause', 'kind:drift', 'operation', 'result', 'act:drift', 'run', 'applied'],
  ...['since', 'objects', 'revision'],
]);

/** Returns the value with the payload behind every foreign text, keys of labels and stages too. */
export function plant<T>(value: T, field = '', isDrift = false): T {
  if (typeof value === 'string') {
    if (value.includes(PAYLOADS)) return value;
    const isOwn = OWN_FIELDS.has(field) || (isDrift && OWN_FIELDS.has(`${field}:drift`));
    return (isOwn ? value : `${value}[${field}]${PAYLOADS}`) as T;
  }
  if (Array.isArray(value)) return value.map((item) => plant(item, field, isDrift)) as T;
  if (typeof value !== 'object' || value === null) return value;
  // What it is decides what is masked.
  if ('kind' in value && value.kind === 'Secret') return value;
  const ownsAct = 'act' in value && 'seenAtMs' in value;
  const entries = Object.entries(value).map(([name, item]) => [
    field === 'labels' || field === 'stagesMs' ? `${name}[${field}]${PAYLOADS}` : name,
    plant(item, name, ownsAct),
  ]);
  return Object.fromEntries(entries) as T;
}

/** Returns the sample with planted texts everywhere; revisions stay what Git makes them. */
export function hostileFleet(sample: SampleFleet): SampleFleet {
  return plant(sample);
}
