/**
 * One rendering as a call: what stands between `render-input`, which is trusted, and `render`, which runs programs of
 * others and has no right at all. Bytes go in and bytes come out; how they travel is the adapter's.
 */
import { PlumblineError } from '../errors.ts';
import type { Rendering } from '../model/desired-state.ts';
import { isJsonObject, type Json } from '../model/json.ts';
import { parseJson, stringifyJson } from '../model/json-text.ts';
import { type ErrorCode, FAULT_OF, type Problem } from '../model/problem.ts';
import { decodeInput, encodeInput, type RenderInput } from '../render/input.ts';
import { type Renderers, renderApplication } from '../render/render-application.ts';

/** Returns what renders with the renderers at hand. */
export function renderHere(renderers: Renderers): (input: RenderInput) => Promise<Rendering> {
  return (input) => renderApplication(input, renderers);
}

/**
 * Returns what renders by a call to someone who answers with `answerRenderCall`.
 *
 * @throws {PlumblineError} what is wrong with the files, as the renderer said it; or what `call` throws.
 */
export function renderByCall(
  call: (request: Uint8Array) => Promise<Uint8Array>,
): (input: RenderInput) => Promise<Rendering> {
  return async (input) => {
    const answer = parseJson(new TextDecoder().decode(await callFor(input, call)));
    if (!isJsonObject(answer)) throw unreadable(input.subject, 'no JSON object');
    const { rendering, problems } = answer;
    const [first, ...others] = Array.isArray(problems) ? problems.flatMap(problemOf) : [];
    if (first !== undefined) throw new PlumblineError([first, ...others]);
    if (!isRendering(rendering)) throw unreadable(input.subject, 'no rendering');
    if (rendering.inputDigest !== input.inputDigest) throw unreadable(input.subject, 'the rendering of another input');
    return rendering;
  };
}

/** Who is called does not know what it renders: its problems are told under our name for it. */
async function callFor(input: RenderInput, call: (request: Uint8Array) => Promise<Uint8Array>): Promise<Uint8Array> {
  try {
    return await call(encodeInput(input));
  } catch (error) {
    if (!(error instanceof PlumblineError) || error.fault !== 'declaration') throw error;
    const [first, ...others] = error.problems;
    const named = (problem: Problem): Problem => ({ ...problem, subject: input.subject });
    throw new PlumblineError([named(first), ...others.map(named)], { cause: error });
  }
}

export interface RenderCall<Answer> {
  /** Each may throw a PlumblineError, which becomes the answer. */
  readonly read: () => Uint8Array;
  readonly renderers: () => Promise<Renderers>;
  readonly write: (answer: Uint8Array) => Answer;
}

/** Renders and returns the answer; whatever is wrong with the files, or their size, is part of it. @throws for bugs alone. */
export async function answerRenderCall<Answer>({ read, renderers, write }: RenderCall<Answer>): Promise<Answer> {
  const encode = (answer: unknown) => write(new TextEncoder().encode(stringifyJson(answer)));
  try {
    return encode({ rendering: await renderApplication(decodeInput(read()), await renderers()) });
  } catch (error) {
    if (!(error instanceof PlumblineError)) throw error;
    return encode({ problems: error.problems });
  }
}

/** The renderer runs what others wrote, so that its answer is looked at as theirs: its objects are checked like files are. */
function isRendering(value: Json | undefined): value is Json & Rendering {
  if (!isJsonObject(value) || typeof value.inputDigest !== 'string') return false;
  const { objects, warnings } = value;
  return Array.isArray(objects) && objects.every(isRenderedObject) && Array.isArray(warnings) && warnings.every(isText);
}

function isRenderedObject(value: Json): boolean {
  if (!isJsonObject(value) || !isJsonObject(value.object) || !isJsonObject(value.source)) return false;
  const { apiVersion, kind, metadata } = value.object;
  return (
    isText(apiVersion) && isText(kind) && isJsonObject(metadata) && isText(metadata.name) && isText(value.source.path)
  );
}

function isText(value: Json | undefined): value is string {
  return typeof value === 'string';
}

function problemOf(value: Json): readonly Problem[] {
  if (!isJsonObject(value)) return [];
  const { code, subject, act, wrong, remedy } = value;
  if (!isErrorCode(code) || !isText(subject) || !isText(act) || !isText(wrong) || !isText(remedy)) return [];
  return [{ code, subject, act, wrong, remedy }];
}

function isErrorCode(value: Json | undefined): value is ErrorCode {
  return typeof value === 'string' && Object.hasOwn(FAULT_OF, value);
}

function unreadable(subject: string, wrong: string): PlumblineError {
  const remedy = 'this is a bug in Plumbline; please report it with the log';
  return new PlumblineError([
    { code: 'InvariantBroken', subject, act: 'render', wrong: `the renderer answered with ${wrong}`, remedy },
  ]);
}
