/**
 * The input of one rendering: files, settings and the facts of the cluster that they can see. Equal inputs have equal
 * digests, so they are rendered once for all clusters; the digest is made of file ids, without reading a file.
 */
import { createHash } from 'node:crypto';
import type { ClusterFacts } from '../model/cluster-facts.ts';
import type { Gathered } from '../model/gathered.ts';
import { isJsonObject, type Json } from '../model/json.ts';
import { canonicalJson, parseJson, stringifyJson } from '../model/json-text.ts';
import type { Closure, FactsUsed } from './closure-builder.ts';
import { factsNamedIn, moreFacts } from './helm-closure.ts';
import { MOUNTS } from './mounted-tree.ts';
import { PACKED } from './packed-charts.ts';
import type { RendererSettings } from './renderer-settings.ts';

/** What a chart is told of the cluster. */
export type UsedFacts = Partial<Pick<ClusterFacts, 'kubernetesVersion' | 'apiVersions'>> & {
  /** Keyed digest of what is gathered for it; absent: nothing is. */
  readonly gathered?: string;
};

/** What a rendering is told from outside of Git. */
export interface GatheredInput {
  readonly gathered: Gathered;
  /** Keyed, since it stands in names that are no secret: a plain hash of a short password is as good as the password. */
  readonly digest: string;
}

export interface RenderInput {
  /** For messages: application and perhaps cluster. */
  readonly subject: string;
  readonly inputDigest: string;
  readonly settings: RendererSettings;
  /** Version of the renderer that it is for, part of the digest; '' where we render ourselves. */
  readonly renderer: string;
  /** The folder that is rendered, from the root of `files`. */
  readonly path: string;
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** Symlinks: path to text. */
  readonly links: ReadonlyMap<string, string>;
  readonly facts: UsedFacts;
  /** Where files that were laid to another place stand in the repository, for people. Absent: there are none. */
  readonly origins?: Readonly<Record<string, string>>;
  /** Of a chart, paths from the root; the last one wins. Absent: none. */
  readonly valuesFiles?: readonly string[];
  /** What people should know of the closure. Absent: nothing. */
  readonly notes?: readonly string[];
  /** What its settings refer to outside of Git; absent: they refer to nothing. */
  readonly gathered?: Gathered;
}

/** Versions of the renderers (`ExternalRenderer.version`). */
export interface RendererVersions {
  readonly helm: string;
  readonly kustomize: string;
}

/** A rendering that is known but not loaded. */
export interface RenderOutline {
  readonly settings: RendererSettings;
  readonly closure: Closure;
  readonly facts: UsedFacts;
  readonly gathered?: Gathered;
}

/** Goes into every digest: raised when our own part of rendering changes what comes out. */
const RENDER_VERSION = 2;

/** Returns the outline of a rendering in a cluster; `facts` undefined: nothing is known of the cluster yet. */
export function outlineOf(
  settings: RendererSettings,
  closure: Closure,
  facts: ClusterFacts | undefined,
  outside?: GatheredInput,
): RenderOutline {
  const used = factsFor(settings, closure.facts, facts);
  if (outside === undefined) return { settings, closure, facts: used };
  return { settings, closure, facts: { ...used, gathered: outside.digest }, gathered: outside.gathered };
}

function factsFor(settings: RendererSettings, byFiles: FactsUsed, facts: ClusterFacts | undefined): UsedFacts {
  if (settings.kind !== 'helm' || facts === undefined) return {};
  const { kubernetesVersion, apiVersions } = facts;
  switch (moreFacts(byFiles, factsNamedIn(stringifyJson(settings.values)))) {
    case 'none':
      return {};
    case 'version':
      return { kubernetesVersion };
    case 'all':
      return { kubernetesVersion, apiVersions };
  }
}

/** Returns the digest of everything that can change what comes out (hex, SHA-256). */
export function inputDigestOf({ settings, closure, facts }: RenderOutline, versions: RendererVersions): string {
  return digestOf([RENDER_VERSION, rendererOf(settings, versions), settings, closure.digest, facts]);
}

function rendererOf({ kind }: RendererSettings, versions: RendererVersions): string {
  return kind === 'directory' ? '' : versions[kind];
}

function digestOf(value: unknown): string {
  return createHash('sha256').update(canonicalJson(value)).digest('hex');
}

/** Returns the input with its files read. @throws {PlumblineError} SourceNotFound when the repository fails us. */
export async function loadInput(
  outline: RenderOutline,
  {
    subject,
    inputDigest,
    versions,
  }: Pick<RenderInput, 'subject' | 'inputDigest'> & { readonly versions: RendererVersions },
): Promise<RenderInput> {
  const { settings, closure, facts, gathered } = outline;
  const files = await Promise.all(
    [...closure.files].map(async ([path, { from }]) => [path, await closure.tree.read(from)] as const),
  );
  const renderer = rendererOf(settings, versions);
  const { path, links, notes, valuesFiles } = closure;
  return {
    subject,
    inputDigest,
    settings,
    renderer,
    path,
    files: new Map(files),
    links,
    facts,
    ...(settings.kind === 'helm' && originsIn(closure)),
    ...(valuesFiles.length > 0 && { valuesFiles }),
    ...(notes.length > 0 && { notes }),
    ...(gathered && { gathered }),
  };
}

/** Dependencies of a chart that stand elsewhere in its repository, or in an archive there. */
function originsIn({ files }: Closure): Pick<RenderInput, 'origins'> {
  const laid = [...files].flatMap(([path, { from }]) => {
    const origin = from.startsWith(`${PACKED}/`) ? from.slice(PACKED.length + 1) : from;
    return from === path || origin.startsWith(`${MOUNTS}/`) ? [] : [[path, origin] as const];
  });
  return laid.length === 0 ? {} : { origins: Object.fromEntries(laid) };
}

/** Returns the input as bytes for a sealed blob: the length of a JSON header, the header, then the files one by one. */
export function encodeInput(input: RenderInput): Uint8Array {
  const { files, links, ...rest } = input;
  const sizes = [...files].map(([path, content]) => [path, content.length]);
  const header = new TextEncoder().encode(stringifyJson({ ...rest, files: sizes, links: [...links] }));
  const total = [...files.values()].reduce((sum, content) => sum + content.length, 4 + header.length);
  const bytes = new Uint8Array(total);
  new DataView(bytes.buffer).setUint32(0, header.length);
  bytes.set(header, 4);
  let at = 4 + header.length;
  for (const content of files.values()) {
    bytes.set(content, at);
    at += content.length;
  }
  return bytes;
}

/** Returns what `encodeInput` was given. @throws {Error} when the bytes are damaged, which a seal would have found. */
export function decodeInput(bytes: Uint8Array): RenderInput {
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0);
  const header = parseJson(new TextDecoder().decode(bytes.subarray(4, 4 + length)));
  if (!isJsonObject(header)) throw new Error('the input of a rendering has no header');
  const { files: sizes, links, ...rest } = header;
  let at = 4 + length;
  const files = pairsOf(sizes).map(([path, size]) => {
    const content = bytes.slice(at, at + Number(size));
    at += Number(size);
    return [path, content] as const;
  });
  if (at !== bytes.length) throw new Error('the input of a rendering is cut off');
  const linkPairs = pairsOf(links).map(([path, target]) => [path, String(target)] as const);
  // Sealed by us: its shape is that of RenderInput.
  return {
    ...(rest as unknown as Omit<RenderInput, 'files' | 'links'>),
    files: new Map(files),
    links: new Map(linkPairs),
  };
}

function pairsOf(value: Json | undefined): readonly (readonly [string, Json])[] {
  if (!Array.isArray(value)) return [];
  return value.map((pair: Json) => (Array.isArray(pair) ? [String(pair[0]), pair[1] ?? null] : ['', null]));
}
