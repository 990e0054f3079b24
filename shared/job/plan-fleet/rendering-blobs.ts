import type { Rendering } from '../../model/desired-state.ts';
import type { Problem } from '../../model/problem.ts';
import { readJsonBlob, writeJsonBlob } from '../blob-json.ts';
import type { BlobStore } from '../ports.ts';

/**
 * The blobs that planner and renderer exchange, by input digest: `input/` asks, `rendering/` or `failure/` answers,
 * `asked/` remembers when. Each can be lost: it is made again.
 */
export function renderingKeyOf(inputDigest: string): string {
  return `rendering/${inputDigest}`;
}

export function inputKeyOf(inputDigest: string): string {
  return `input/${inputDigest}`;
}

/** What a rendering came to, for whoever asks by its input digest. */
export type RenderState =
  | { readonly state: 'rendered'; readonly rendering: string }
  | { readonly state: 'failed'; readonly problems: readonly Problem[] }
  | { readonly state: 'missing' };

/** A failure is final for its input: only other files, settings or renderers can change it. */
export async function readRenderState(blobs: BlobStore, inputDigest: string): Promise<RenderState> {
  const rendering = renderingKeyOf(inputDigest);
  if (await blobs.has(rendering)) return { state: 'rendered', rendering };
  const failure = await readJsonBlob<RenderFailure>(blobs, failureKeyOf(inputDigest));
  return failure === undefined ? { state: 'missing' } : { state: 'failed', problems: failure.problems };
}

export async function readRendering(blobs: BlobStore, inputDigest: string): Promise<Rendering | undefined> {
  return readRenderingAt(blobs, renderingKeyOf(inputDigest));
}

/**
 * Returns the rendering under a blob key; undefined where it is gone. One of another input is removed, so that whoever
 * asks after it next has it made anew: the store itself removes what does not open.
 */
export async function readRenderingAt(blobs: BlobStore, key: string): Promise<Rendering | undefined> {
  const rendering = await readJsonBlob<Partial<Rendering>>(blobs, key);
  if (rendering === undefined || isRenderingOf(rendering, key)) return rendering;
  await blobs.remove(key);
  return undefined;
}

function isRenderingOf(rendering: Partial<Rendering>, key: string): rendering is Rendering {
  const { inputDigest, objects, warnings } = rendering;
  return inputDigest !== undefined && renderingKeyOf(inputDigest) === key && isList(objects) && isList(warnings);
}

function isList(value: unknown): boolean {
  return Array.isArray(value);
}

/** Returns a function that reads each rendering once, by blob key, for clusters that share it. */
export function renderingReader(blobs: BlobStore): (key: string) => Promise<Rendering | undefined> {
  const known = new Map<string, Promise<Rendering | undefined>>();
  return async (key) => {
    const reading = known.get(key) ?? readRenderingAt(blobs, key);
    known.set(key, reading);
    return reading;
  };
}

export async function writeRendering(blobs: BlobStore, rendering: Rendering): Promise<void> {
  await writeJsonBlob(blobs, renderingKeyOf(rendering.inputDigest), rendering);
}

export async function writeFailure(blobs: BlobStore, inputDigest: string, problems: readonly Problem[]): Promise<void> {
  await writeJsonBlob(blobs, failureKeyOf(inputDigest), { problems } satisfies RenderFailure);
}

/** Undefined: it was never asked for. Milliseconds since 1970, by the state store's clock. */
export async function readAskedAtMs(blobs: BlobStore, inputDigest: string): Promise<number | undefined> {
  return (await readJsonBlob<Asked>(blobs, askedKeyOf(inputDigest)))?.atMs;
}

export async function writeAskedAtMs(blobs: BlobStore, inputDigest: string, atMs: number): Promise<void> {
  await writeJsonBlob(blobs, askedKeyOf(inputDigest), { atMs } satisfies Asked);
}

interface RenderFailure {
  readonly problems: readonly Problem[];
}

interface Asked {
  readonly atMs: number;
}

function failureKeyOf(inputDigest: string): string {
  return `failure/${inputDigest}`;
}

function askedKeyOf(inputDigest: string): string {
  return `asked/${inputDigest}`;
}
