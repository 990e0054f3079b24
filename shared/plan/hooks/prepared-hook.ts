/**
 * Hooks are objects that are run rather than kept: once for an input, in their phases. One declared object may be several
 * hooks (`pre-sync` and `post-sync`), and one with `generateName` gets a name of its own for each run.
 */
import { createHash } from 'node:crypto';
import { HOOK_RUN_ANNOTATION } from '../../config/names.ts';
import { isJsonObject } from '../../model/json.ts';
import { isKubeObject, jsonOf } from '../../model/kube-json.ts';
import { type KubeObject, refOf } from '../../model/kube-object.ts';
import type { HookPolicy, HookRun, Phase } from '../../model/object-policy.ts';
import { PHASES } from '../../model/object-policy.ts';
import { formatRef } from '../../model/object-ref.ts';
import type { PreparedObject } from '../prepare.ts';

/** One hook of one declared object: `pre-sync Job.batch/web/migrate`. */
export type HookKey = string;

export interface PreparedHook {
  readonly key: HookKey;
  readonly phase: Phase;
  readonly on: HookRun['on'];
  readonly policy: HookPolicy;
  /** As declared, with our labels. */
  readonly prepared: PreparedObject;
}

/** Which run of which hook a live object is. */
export interface HookRunMark {
  readonly run: string;
  readonly key: HookKey;
}

/** What the API server leaves of `generateName`, for the run to stand behind it (kubernetes.io, "Object Names and IDs"). */
const LONGEST_PREFIX = 52;
const RUN_DIGITS = 10;
/** A Job that is gone before anyone could look cannot be told from one that never was. */
const SHORTEST_TTL_SECONDS = 3_600;

/** Parts what is kept from what is run; what is a hook of no phase here (`helm test`) is neither. */
export function partHooks(prepared: readonly PreparedObject[]): {
  readonly objects: readonly PreparedObject[];
  readonly hooks: readonly PreparedHook[];
} {
  return {
    objects: prepared.filter(({ policy }) => policy.hook === undefined),
    hooks: prepared.flatMap(hooksOf),
  };
}

function hooksOf(prepared: PreparedObject): readonly PreparedHook[] {
  const { hook } = prepared.policy;
  if (hook === undefined) return [];
  // `pre-install,pre-upgrade` is one hook of one phase, run whichever it is.
  return [...Map.groupBy(hook.runs, ({ phase }) => phase)].map(([phase, runs]) => {
    const [first, ...others] = runs.map(({ on }) => on);
    const on = first !== undefined && others.every((other) => other === first) ? first : 'every';
    return { key: `${phase} ${formatRef(prepared.ref)}`, phase, on, policy: hook, prepared };
  });
}

/** Returns the id of a run: the same for the same input, hook and try, whoever works it out, and with whatever key. */
export function runIdOf(hook: PreparedHook, inputDigest: string, attempt: string | undefined): string {
  return createHash('sha256')
    .update(JSON.stringify([inputDigest, hook.key, attempt ?? '']))
    .digest('hex')
    .slice(0, RUN_DIGITS);
}

/** Returns the object that is made for a run, named and marked so that it is known as just this run for ever. */
export function objectOfRun(hook: PreparedHook, run: string): KubeObject {
  const { object } = hook.prepared;
  const metadata = jsonOf(object).metadata;
  const { generateName, ...rest } = isJsonObject(metadata) ? metadata : {};
  const name =
    typeof generateName === 'string' ? `${generateName.slice(0, LONGEST_PREFIX)}${run}` : object.metadata.name;
  const annotations = { ...object.metadata.annotations, [HOOK_RUN_ANNOTATION]: `${run} ${hook.key}` };
  const named: unknown = { ...withLongerLife(object), metadata: { ...rest, name, annotations } };
  return isKubeObject(named) ? named : object;
}

function withLongerLife(object: KubeObject): KubeObject {
  const { spec } = jsonOf(object);
  if (object.kind !== 'Job' || !isJsonObject(spec) || typeof spec.ttlSecondsAfterFinished !== 'number') return object;
  const ttlSecondsAfterFinished = Math.max(spec.ttlSecondsAfterFinished, SHORTEST_TTL_SECONDS);
  return { ...object, spec: { ...spec, ttlSecondsAfterFinished } };
}

/** Returns which run a live object is; undefined: it was not made for one. */
export function readRunMark(object: KubeObject): HookRunMark | undefined {
  const text = object.metadata.annotations?.[HOOK_RUN_ANNOTATION];
  const mark = text === undefined ? null : /^([0-9a-f]{10}) (.+)$/.exec(text);
  return mark?.[1] === undefined || mark[2] === undefined ? undefined : { run: mark[1], key: mark[2] };
}

/** Returns the phase that a key begins with. */
export function phaseOfKey(key: HookKey): Phase | undefined {
  return PHASES.find((phase) => key.startsWith(`${phase} `));
}

/** Returns each declared object once. */
export function declaredObjectsOf(hooks: readonly PreparedHook[]): readonly PreparedObject[] {
  return [...new Set(hooks.map(({ prepared }) => prepared))];
}

/** Returns the ref of the object that a run makes. */
export function refOfRun(hook: PreparedHook, run: string) {
  return refOf(objectOfRun(hook, run));
}
