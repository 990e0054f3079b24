/** `index.yaml` of an HTTP chart repository. Source: helm.sh, "The Chart Repository Guide". */
import { FAILSAFE_SCHEMA, load } from 'js-yaml';

export interface IndexedChart {
  readonly version: string;
  /** SHA-256 of the archive (hex); undefined: none stands there. */
  readonly digest: string | undefined;
  /** Relative to the index, or not; undefined: the index names none. Of several the first, as helm has it. */
  readonly address: string | undefined;
}

export type ChartIndex = ReadonlyMap<string, readonly IndexedChart[]>;

/** Returns the charts by name; undefined: it is no index. Scalars stay the texts that they are (`version: 1.10`). */
export function parseIndex(text: string): ChartIndex | undefined {
  const document = parse(text);
  if (!isMap(document) || !isMap(document.entries)) return undefined;
  // What YAML's aliases repeat is read once: a list of a million under a million names would fill our memory.
  const known = new Map<unknown, readonly IndexedChart[]>();
  const chartsOf = (versions: unknown): readonly IndexedChart[] => {
    const charts = known.get(versions) ?? (Array.isArray(versions) ? [...new Set(versions)].flatMap(chartOf) : []);
    known.set(versions, charts);
    return charts;
  };
  return new Map(Object.entries(document.entries).map(([name, versions]) => [name, chartsOf(versions)] as const));
}

function parse(text: string): unknown {
  try {
    return text.trimStart().startsWith('{') ? JSON.parse(text) : load(text, { schema: FAILSAFE_SCHEMA });
  } catch {
    // A web page, most often: what the parser quotes of it helps nobody.
    return undefined;
  }
}

/** What lacks a version or an address is passed over, as helm does. */
function chartOf(entry: unknown): readonly IndexedChart[] {
  if (!isMap(entry) || typeof entry.version !== 'string' || !Array.isArray(entry.urls)) return [];
  const [address]: readonly unknown[] = entry.urls;
  const digest = typeof entry.digest === 'string' ? entry.digest.replace(/^sha256:/, '').toLowerCase() : '';
  return [
    {
      version: entry.version,
      address: typeof address === 'string' ? address : undefined,
      digest: /^[0-9a-f]{64}$/.test(digest) ? digest : undefined,
    },
  ];
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
