/** The APIs of the releases of Kubernetes, from the file that generate.ts makes. Each type is parsed when it is asked for. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import type {
  ApiLifecycle,
  KubernetesRelease,
  KubernetesReleases,
  MinorVersion,
} from '../../model/kubernetes-release.ts';
import type { ObjectSchema } from '../../model/object-schema.ts';

const FILE = join(import.meta.dirname, 'releases.txt.br');

/** First line of the file. Written by generate.ts, so it is taken as it is. */
interface Header {
  readonly versions: readonly [
    MinorVersion,
    readonly [key: string, schema: number, namespaced: 0 | 1, plural: string][],
  ][];
  readonly lifecycles: Readonly<Record<string, ApiLifecycle>>;
}

/** Takes about 10 ms. @throws {Error} when the installation lacks the file. */
export function readKubernetesReleases(): KubernetesReleases {
  const bytes = readFileSync(FILE);
  const [first = '', ...lines] = brotliDecompressSync(bytes).toString('utf8').split('\n');
  const { versions, lifecycles }: Header = JSON.parse(first);
  const schema = schemaReader(lines);
  const releases = new Map(versions.map(([version, kinds]) => [version, releaseOf(version, kinds, schema)]));
  return {
    digest: createHash('sha256').update(bytes).digest('hex').slice(0, 16),
    versions: [...releases.keys()],
    release: (version) => {
      const found = releases.get(version);
      if (found === undefined) throw new Error(`there is no release ${version} among the schemas`);
      return found;
    },
    lifecycles: new Map(Object.entries(lifecycles)),
  };
}

function releaseOf(
  version: MinorVersion,
  kinds: Header['versions'][number][1],
  schema: KubernetesRelease['schema'],
): KubernetesRelease {
  const byKey = kinds.map(
    ([key, index, namespaced, plural]) => [key, { schema: index, namespaced: namespaced === 1, plural }] as const,
  );
  return { version, kinds: new Map(byKey), schema };
}

function schemaReader(lines: readonly string[]): KubernetesRelease['schema'] {
  const parsed = new Map<number, ObjectSchema>();
  return (index) => {
    const known = parsed.get(index);
    if (known !== undefined) return known;
    const line = lines[index];
    if (line === undefined) throw new Error(`there is no schema ${index}`);
    const schema: ObjectSchema = JSON.parse(line);
    parsed.set(index, schema);
    return schema;
  };
}
