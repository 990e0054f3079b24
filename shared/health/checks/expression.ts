/**
 * Expressions in CEL, compiled by a library that is loaded only where an application has some: most runs never need it.
 * What an expression may cost is bounded before it runs: CEL always ends, but loops within loops over a large object
 * take longer than a run has. The estimate follows what Kubernetes does for the rules of a CRD (kubernetes.io, "Common
 * Expression Language in Kubernetes", resource constraints): steps of the expression, times entries for each loop.
 */
import type { CelInput, parse } from '@bufbuild/cel';
import { isJsonObject, type Json } from '../../model/json.ts';
import type { KubeObject } from '../../model/kube-object.ts';
import { type ExpressionShape, shapeOf } from './expression-shape.ts';
import { sizeOf } from './object-size.ts';

/** About 50 ms. */
const MOST_STEPS = 200_000;
const DEEPEST_LOOPS = 3;

export interface CompileFault {
  readonly wrong: string;
  /** In the expression, both from 1. */
  readonly line: number;
  readonly column: number;
}

export type Compiled =
  | { readonly ok: true; readonly evaluate: (object: KubeObject) => Evaluated }
  | { readonly ok: false; readonly fault: CompileFault };

export type Evaluated =
  | { readonly ok: true; readonly value: boolean | string }
  | { readonly ok: false; readonly wrong: string };

export type CompileExpression = (expression: string) => Compiled;

export type ParsedExpression = ReturnType<typeof parse>;

/** Returns the compiler, its library loaded with it. */
export async function loadExpressions(): Promise<CompileExpression> {
  const cel = await import('@bufbuild/cel');
  const environment = cel.celEnv({});
  const isKnown = (name: string) => environment.funcs.find(name) !== undefined;
  return (expression) => {
    const parsed = parseWith(cel.parse, expression);
    if (!parsed.ok) return parsed;
    const shape = shapeOf(parsed.expression.expr, isKnown);
    const fault = faultOf(shape, parsed.expression, expression);
    if (fault !== undefined) return { ok: false, fault };
    const run = cel.plan(environment, parsed.expression);
    return {
      ok: true,
      evaluate: (object) => {
        const steps = stepsOf(shape, object);
        if (steps > MOST_STEPS) return { ok: false, wrong: `it would take ${Math.round(steps)} steps for this object` };
        const value = run(variablesOf(object));
        if (cel.isCelError(value)) return { ok: false, wrong: value.message };
        if (typeof value === 'boolean' || typeof value === 'string') return { ok: true, value };
        return { ok: false, wrong: 'it gives neither true or false nor a text' };
      },
    };
  };
}

function parseWith(
  parseText: (expression: string) => ParsedExpression,
  expression: string,
): { readonly ok: true; readonly expression: ParsedExpression } | { readonly ok: false; readonly fault: CompileFault } {
  try {
    return { ok: true, expression: parseText(expression) };
  } catch (error) {
    const { line, column } = startOf(error);
    const wrong = error instanceof Error ? error.message.replace(/^.*?\d+:\d+: /, '') : 'it cannot be read';
    return { ok: false, fault: { wrong, line, column } };
  }
}

/** The parser's own error carries `location.start`; it has no public type. */
function startOf(error: unknown): { readonly line: number; readonly column: number } {
  const location: unknown = typeof error === 'object' && error !== null && 'location' in error && error.location;
  const start = typeof location === 'object' && location !== null && 'start' in location ? location.start : undefined;
  if (typeof start !== 'object' || start === null || !('line' in start) || !('column' in start)) {
    return { line: 1, column: 1 };
  }
  return { line: Number(start.line), column: Number(start.column) };
}

function faultOf(shape: ExpressionShape, { sourceInfo }: ParsedExpression, text: string): CompileFault | undefined {
  const at = (id: bigint | undefined) => {
    const before = text.slice(0, id === undefined ? 0 : sourceInfo?.positions[String(id)]).split('\n');
    return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
  };
  const [unknown] = shape.unknownFunctions;
  if (unknown !== undefined) return { wrong: `no function is called ${unknown.name}`, ...at(unknown.id) };
  if (shape.loopDepth <= DEEPEST_LOOPS) return undefined;
  return { wrong: `${shape.loopDepth} loops stand within one another, ${DEEPEST_LOOPS} at most`, ...at(undefined) };
}

function stepsOf(shape: ExpressionShape, object: KubeObject): number {
  const { entries, textLength } = sizeOf(object);
  // A list grows by adding others to it, a text is read whole by a pattern.
  const most = Math.max(entries, shape.nodes) * (shape.additions + 1);
  const weight = shape.patterns === 0 ? 1 : 1 + (shape.patterns * textLength) / 100;
  return shape.nodes * weight * most ** shape.loopDepth;
}

/** Absent parts read as empty, so that `has(status.phase)` works before a controller has come by. */
function variablesOf(object: KubeObject): Record<string, CelInput> {
  const whole = mapOf(object);
  const variables: Record<string, CelInput> = Object.create(null);
  for (const part of ['metadata', 'spec', 'status', 'data']) variables[part] = new Map();
  for (const [name, value] of whole) variables[name] = value;
  variables.self = whole;
  return variables;
}

function mapOf(object: object): Map<string, CelInput> {
  return new Map(Object.entries(object).map(([key, value]) => [key, inputOf(value)]));
}

/** Whole numbers are CEL's int, as Kubernetes reads them. */
function inputOf(value: Json): CelInput {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : value;
  if (Array.isArray(value)) return value.map(inputOf);
  return isJsonObject(value) ? mapOf(value) : scalarOf(value);
}

function scalarOf(value: Json): CelInput {
  return typeof value === 'string' || typeof value === 'boolean' || typeof value === 'bigint' ? value : null;
}
