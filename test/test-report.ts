/**
 * Turns the runner's events into what a person wants to read: one line a file as it ends, each failure in full, once
 * more at the end, where a log that is cut still shows it, and counts.
 * A test that failed only because no control plane can be built on this machine counts as skipped; the set-up has said
 * so. A file without a test fails: it looks like a check and is none.
 */
import { relative } from 'node:path';
import type { EventData } from 'node:test';
import type { TestEvent } from 'node:test/reporters';
import { inspect, styleText } from 'node:util';
import { CONTROL_PLANE_MISSING } from './controlplane/build.ts';

interface TestCounts {
  passed: number;
  failed: number;
  skipped: number;
}

export interface TestResults {
  readonly counts: Readonly<TestCounts>;
  /** Why tests were skipped, as they said themselves, and how many for that reason. */
  readonly skipReasons: ReadonlyMap<string, number>;
}

interface FileState {
  readonly counts: TestCounts;
  readonly skipReasons: string[];
  readonly failures: EventData.TestFail[];
  /** By the runner's id, unique in a file. */
  readonly started: Map<number, EventData.TestStart>;
  output: string;
}

/** Writes the report to `write` in whole lines, and returns the results of all files. Paths are relative to `root`. */
export async function reportTests(
  events: AsyncIterable<TestEvent>,
  root: string,
  write: (text: string) => void,
): Promise<TestResults> {
  const counts: TestCounts = { passed: 0, failed: 0, skipped: 0 };
  const skipReasons = new Map<string, number>();
  const files = new Map<string, FileState>();
  const failed: string[] = [];
  for await (const event of events) {
    const file = fileOf(event);
    if (file === undefined) continue;
    const state = files.get(file) ?? newFileState();
    files.set(file, state);
    const ended = takeEvent(event, state);
    if (ended === undefined) continue;
    settleFailures(state);
    const text = formatFile(relative(root, file), state, ended.durationMs);
    write(text);
    if (state.counts.failed > 0) failed.push(text);
    counts.passed += state.counts.passed;
    counts.failed += state.counts.failed;
    counts.skipped += state.counts.skipped;
    for (const reason of state.skipReasons) skipReasons.set(reason, (skipReasons.get(reason) ?? 0) + 1);
    files.delete(file);
  }
  if (failed.length > 0) write(`\nOnce more, what failed:\n${failed.join('')}`);
  return { counts, skipReasons };
}

/** The file that was run; `file` is where a test stands, which for a shared suite is another one. */
function fileOf({ data }: TestEvent): string | undefined {
  if (data === undefined || !('file' in data)) return undefined;
  return 'entryFile' in data && typeof data.entryFile === 'string' ? data.entryFile : data.file;
}

function newFileState(): FileState {
  return {
    counts: { passed: 0, failed: 0, skipped: 0 },
    skipReasons: [],
    failures: [],
    started: new Map(),
    output: '',
  };
}

/** Returns how long the file took when this event ends it. */
function takeEvent(event: TestEvent, state: FileState): { readonly durationMs: number } | undefined {
  switch (event.type) {
    case 'test:start':
      state.started.set(event.data.testId, event.data);
      return undefined;
    case 'test:stdout':
    case 'test:stderr':
      state.output += event.data.message;
      return undefined;
    case 'test:pass':
      if (isWholeFile(event.data)) return { durationMs: event.data.details.duration_ms };
      if (event.data.details.type !== 'suite') countPass(event.data, state);
      return undefined;
    case 'test:fail':
      state.failures.push(event.data);
      return isWholeFile(event.data) ? { durationMs: event.data.details.duration_ms } : undefined;
    case 'test:summary':
      return { durationMs: event.data.duration_ms };
    default:
      return undefined;
  }
}

/** The runner speaks for a file that declared nothing or crashed; all else comes from the file itself, and ends in a summary. */
function isWholeFile(data: EventData.TestPass | EventData.TestFail): boolean {
  return data.name === data.file && !('entryFile' in data);
}

function countPass({ skip, todo }: EventData.TestPass, state: FileState): void {
  if (skip === undefined && todo === undefined) {
    state.counts.passed += 1;
    return;
  }
  state.counts.skipped += 1;
  const reason = skip ?? todo;
  if (typeof reason === 'string' && reason !== '') state.skipReasons.push(reason);
}

/** Counts failures once: what failed by its subtests alone is no failure of its own, a suite with a failed hook is. */
function settleFailures(state: FileState): void {
  const lacksControlPlane =
    state.output.includes(CONTROL_PLANE_MISSING) ||
    state.failures.some((failure) => inspect(failure.details.error).includes(CONTROL_PLANE_MISSING));
  const shown: EventData.TestFail[] = [];
  for (const failure of state.failures) {
    const type = failureTypeOf(failure);
    if (type === 'subtestsFailed') continue;
    if (lacksControlPlane && isCausedByLack(failure)) {
      if (!isHook(failure)) state.counts.skipped += 1;
      continue;
    }
    state.counts.failed += 1;
    if (type !== 'cancelledByParent') shown.push(failure);
  }
  state.failures.splice(0, Infinity, ...shown);
  if (Object.values(state.counts).every((count) => count === 0)) {
    state.output += 'it declares no test\n';
    state.counts.failed = 1;
  }
}

/** In a file that found no control plane: the error itself, what a failed `before` took along, or the whole file. */
function isCausedByLack(failure: EventData.TestFail): boolean {
  return (
    inspect(failure.details.error).includes(CONTROL_PLANE_MISSING) ||
    failureTypeOf(failure) === 'cancelledByParent' ||
    failure.name === failure.file
  );
}

/** The set-up or clean-up of a suite or of the whole file, reported beside its tests. */
function isHook(failure: EventData.TestFail): boolean {
  return failure.details.type === 'suite' || (failure.name === failure.file && !isWholeFile(failure));
}

function failureTypeOf(failure: EventData.TestFail): unknown {
  const { error } = failure.details;
  return 'failureType' in error ? error.failureType : undefined;
}

function formatFile(name: string, state: FileState, durationMs: number): string {
  const { passed, failed, skipped } = state.counts;
  const isGood = failed === 0;
  const counts = [`${passed} passed`];
  if (failed > 0) counts.push(`${failed} failed`);
  if (skipped > 0) counts.push(`${skipped} skipped`);
  const mark = styleText(isGood ? 'green' : 'red', isGood ? '✓' : '✗');
  const lines = [`${mark} ${name}  ${counts.join(', ')}  ${(durationMs / 1000).toFixed(1)} s`];
  for (const failure of state.failures) {
    lines.push(
      indent(`${styleText('red', '✗')} ${fullName(failure, state)} (${name}:${failure.line})`),
      indent(describe(failure)),
    );
  }
  if (!isGood && state.output.trim() !== '') lines.push(indent('printed:'), indent(state.output));
  return `${lines.join('\n')}\n`;
}

/** `suite > test > subtest`. */
function fullName(test: { readonly name: string; readonly parentId: number | undefined }, state: FileState): string {
  const parent = test.parentId === undefined ? undefined : state.started.get(test.parentId);
  return parent === undefined ? test.name : `${fullName(parent, state)} > ${test.name}`;
}

/** The runner wraps what a test threw; the thrown error, with its stack and diff, is the cause. */
function describe(failure: EventData.TestFail): string {
  const { error } = failure.details;
  const text = error.cause instanceof Error ? inspect(error.cause) : error.message;
  return text.replace(/^ +at .*\bnode:(internal\/|async_hooks).*\n/gm, '');
}

function indent(text: string): string {
  return text.trimEnd().replace(/^(?=.)/gm, '  ');
}
