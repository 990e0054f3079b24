/**
 * Repositories of kustomizations that kubectl builds, made from numbers, with what a build of them must read: found out
 * here by how they are made, and not by following references.
 */
import fc from 'fast-check';
import type { Texts } from './closure-of.ts';

export interface GeneratedRepository {
  readonly texts: Texts;
  /** Folder of the kustomization at the top. */
  readonly path: string;
  /** Files that a build reads. */
  readonly read: readonly string[];
  /** The file to add a reference to. */
  readonly top: string;
}

/** A way to name files, each with files that kubectl takes. */
interface Part {
  readonly files: Texts;
  /** Read only through others: symlinks. */
  readonly links?: Texts;
  /** Items of fields of the kustomization. */
  readonly items: Readonly<Record<string, string>>;
}

const configMap = (name: string, data: string) =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\ndata: {${data}}\n`;
const builtin = (kind: string, name: string, rest: string) =>
  `apiVersion: builtin\nkind: ${kind}\nmetadata: {name: ${name}}\n${rest}\n`;

/** `id` is unique; each folder has a ConfigMap `m0-<id>` to patch. */
const PARTS = {
  patch: (id: string): Part => ({
    files: { 'patches/p.yaml': configMap(`m0-${id}`, 'patch: x') },
    items: { patches: '{path: patches/p.yaml}' },
  }),
  json: (id: string): Part => ({
    files: { 'j.json': '[{"op": "add", "path": "/data/json", "value": "x"}]' },
    items: { patches: `{path: ./j.json, target: {kind: ConfigMap, name: m0-${id}}}` },
  }),
  merge: (id: string): Part => ({
    files: { 'merge.yaml': configMap(`m0-${id}`, 'merge: x') },
    items: { patchesStrategicMerge: 'merge.yaml' },
  }),
  plugin: (id: string): Part => ({
    files: {
      'plugin.yaml': builtin('PatchTransformer', `p-${id}`, 'path: by-plugin.yaml'),
      'by-plugin.yaml': configMap(`m0-${id}`, 'plugin: x'),
    },
    items: { transformers: 'plugin.yaml' },
  }),
  inline: (id: string): Part => ({
    files: { 'inline.yaml': configMap(`m0-${id}`, 'inline: x') },
    items: {
      transformers: `|\n  ${builtin('PatchTransformer', `i-${id}`, 'path: inline.yaml').trim().replaceAll('\n', '\n  ')}`,
    },
  }),
  generator: (id: string): Part => ({
    files: { 'generator.yaml': builtin('ConfigMapGenerator', `g-${id}`, 'files: [x=g.txt]'), 'g.txt': 'g' },
    items: { generators: 'generator.yaml' },
  }),
  files: (id: string): Part => ({
    files: { 'data/plain.txt': 'plain' },
    items: { configMapGenerator: `{name: f-${id}, files: [data/plain.txt, key=data/plain.txt]}` },
  }),
  envs: (id: string): Part => ({
    files: { 'a.env': 'A=b\n' },
    items: { configMapGenerator: `{name: e-${id}, envs: [a.env]}` },
  }),
  secret: (id: string): Part => ({
    files: { 'secret.txt': 'secret' },
    items: { secretGenerator: `{name: s-${id}, files: [secret.txt]}` },
  }),
  config: (): Part => ({ files: { 'config.yaml': 'nameReference: []\n' }, items: { configurations: 'config.yaml' } }),
  crd: (): Part => ({ files: { 'crd.json': '{}' }, items: { crds: 'crd.json' } }),
  replacement: (id: string): Part => ({
    files: {
      'r.yaml': `source: {kind: ConfigMap, name: m0-${id}, fieldPath: data.k}
targets: [{select: {kind: ConfigMap, name: m0-${id}}, fieldPaths: [data.copy], options: {create: true}}]
`,
    },
    items: { replacements: '{path: r.yaml}' },
  }),
  linked: (id: string): Part => ({
    files: { 'data/linked.yaml': configMap(`linked-${id}`, 'k: v') },
    links: { 'link.yaml': '-> data/linked.yaml' },
    items: { resources: 'link.yaml' },
  }),
};
type Feature = keyof typeof PARTS;
const FEATURES = Object.keys(PARTS) as readonly Feature[];

interface Folder {
  readonly parent: number;
  readonly isComponent: boolean;
  /** Nobody names it. */
  readonly isLeftOut: boolean;
  readonly isDeep: boolean;
  readonly byLink: boolean;
  readonly fileName: 'kustomization.yaml' | 'kustomization.yml' | 'Kustomization';
  readonly manifests: number;
  readonly features: readonly Feature[];
}

const folder: fc.Arbitrary<Folder> = fc.record({
  parent: fc.nat(),
  isComponent: fc.boolean(),
  isLeftOut: fc.integer({ min: 0, max: 4 }).map((draw) => draw === 0),
  isDeep: fc.boolean(),
  byLink: fc.boolean(),
  fileName: fc.constantFrom('kustomization.yaml', 'kustomization.yml', 'Kustomization'),
  manifests: fc.integer({ min: 1, max: 3 }),
  features: fc.uniqueArray(fc.constantFrom(...FEATURES)),
});

/** `prefix` keeps the names of several repositories apart. */
export function kustomizations(prefix = ''): fc.Arbitrary<GeneratedRepository> {
  return fc.array(folder, { minLength: 1, maxLength: 7 }).map((folders) => build(folders, prefix));
}

function build(folders: readonly Folder[], prefix: string): GeneratedRepository {
  const paths = folders.map(({ isDeep }, index) => `${prefix}${isDeep ? 'deep/er/' : ''}f${index}`);
  const parents = folders.map(({ parent }, index) => (index === 0 ? -1 : parent % index));
  const isRead = folders.map(() => true);
  for (const [index, { isLeftOut }] of folders.entries()) {
    isRead[index] = index === 0 || (!isLeftOut && isRead[parents[index] ?? 0] === true);
  }
  const texts: Record<string, string> = { [`${prefix}noise.txt`]: 'noise' };
  const read: string[] = [];
  for (const [index, made] of folders.entries()) {
    const path = paths[index] ?? '';
    const referenceTo = (at: number): string => {
      const link = `${prefix}link-${at}`;
      if (folders[at]?.byLink) texts[link] = `-> ${paths[at]?.slice(prefix.length)}`;
      return `${'../'.repeat(path.split('/').length)}${folders[at]?.byLink ? link : paths[at]}`;
    };
    const children = folders.flatMap(({ isLeftOut, isComponent }, at) =>
      parents[at] === index && !isLeftOut ? [{ isComponent, reference: referenceTo(at) }] : [],
    );
    const { files, links, text } = folderOf(made, children, {
      id: `${prefix}${index}`.replaceAll('/', '-'),
      isTop: index === 0,
    });
    for (const [file, content] of Object.entries({ ...files, ...links })) texts[`${path}/${file}`] = content;
    texts[`${path}/${made.fileName}`] = text;
    texts[`${path}/noise.yaml`] = ': [ no YAML';
    texts[`${path}/sub/noise.txt`] = 'noise';
    if (isRead[index]) read.push(...[made.fileName, ...Object.keys(files)].map((file) => `${path}/${file}`));
  }
  const path = paths[0] ?? '';
  return { texts, path, read: read.sort(), top: `${path}/${folders[0]?.fileName}` };
}

interface Child {
  readonly isComponent: boolean;
  readonly reference: string;
}

function folderOf(
  { manifests, features, isComponent }: Folder,
  children: readonly Child[],
  { id, isTop }: { readonly id: string; readonly isTop: boolean },
) {
  const names = Array.from({ length: manifests }, (_, at) => `m${at}.yaml`);
  const plain = names.map(
    (name, at): Part => ({ files: { [name]: configMap(`m${at}-${id}`, 'k: v') }, items: { resources: name } }),
  );
  const named = children.map(
    (child): Part => ({ files: {}, items: { [child.isComponent ? 'components' : 'resources']: child.reference } }),
  );
  const parts = [...plain, ...features.map((feature) => PARTS[feature](id)), ...named];
  const fields = Map.groupBy(
    parts.flatMap(({ items }) => Object.entries(items)),
    ([field]) => field,
  );
  const lists = [...fields].map(([field, items]) => `${field}:\n${items.map(([, item]) => `- ${item}\n`).join('')}`);
  const head = isComponent && !isTop ? 'apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\n' : '';
  return {
    files: Object.assign({}, ...parts.map(({ files }) => files)) as Texts,
    links: Object.assign({}, ...parts.map(({ links }) => links)) as Texts,
    text: head + lists.join(''),
  };
}
