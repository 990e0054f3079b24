/**
 * How most kinds are judged: by a rule that is data. Its steps are asked in order, and the first that knows an answer
 * gives the verdict. What a rule cannot say is a `Reading`, a small function.
 */
import { HEALTHS, type Health, type HealthVerdict } from '../model/health.ts';
import { isJsonObject } from '../model/json.ts';
import type { KubeObject } from '../model/kube-object.ts';
import { type Condition, conditionsAt, conditionsOf, describeCondition, speaksOfThePast } from './conditions.ts';
import { fieldAt, numberAt, valuesAt } from './read-field.ts';
import { HEALTHY, oneLine, someOf } from './verdict.ts';

export type Reading = (object: KubeObject, nowMs: number) => HealthVerdict;

export interface KindRule {
  /** Fields that are true while nothing is to move: asked first, for whoever is told to rest observes no generation. */
  readonly suspendedBy?: readonly string[];
  readonly steps: readonly Step[];
  /** When no step knows. Default: progressing, for its controller has not said enough yet. */
  readonly otherwise?: Health;
}

export type Step = ConditionStep | FieldStep | CountStep;

/** What values mean: by the value itself, by its beginning (`Err*`), or any (`*`). A value that is not named says nothing. */
export type Meanings<T = Health> = Readonly<Record<string, T>>;

/** What a condition's status means, and where that depends on the reason, what the reasons mean. */
export interface ConditionStep {
  /** `*Synchronized`: every type that ends so. */
  readonly condition: string;
  readonly is: Meanings<Health | Meanings>;
  /** Default `status.conditions`; `*` stands for every entry of a list or map. */
  readonly at?: string;
}

export interface FieldStep {
  /** A path by dots, or in parts where a key has dots in it; `*` stands for every entry, of which the worst counts. */
  readonly field: string | readonly string[];
  readonly is?: Meanings;
  readonly absent?: Health;
}

/** Both numbers are read; fewer than wanted means `behind`, as many say nothing. */
export interface CountStep {
  /** A list or map, of every entry of which both are read. Default: they are fields of the object. */
  readonly each?: string;
  readonly count: string;
  readonly of: string;
  readonly what: string;
  readonly behind: Health;
}

const MESSAGE_FIELDS = ['message', 'reason', 'error', 'errorDescription', 'description'] as const;

/** Returns what `rule` says of `object`, rest and generation left to the caller. */
export function judge(rule: KindRule, object: KubeObject): HealthVerdict {
  for (const step of rule.steps) {
    const verdict = ask(step, object);
    if (verdict !== undefined) return verdict;
  }
  const health = rule.otherwise ?? 'progressing';
  if (health === 'healthy') return HEALTHY;
  const hasStatus = isJsonObject(object.status) && Object.keys(object.status).length > 0;
  const reason = hasStatus ? 'its status does not say how it is' : 'its controller has not written a status yet';
  return { health, reason };
}

/** Returns suspended if a field of `rule.suspendedBy` is true. */
export function restOf(rule: KindRule, object: KubeObject): HealthVerdict | undefined {
  const field = rule.suspendedBy?.find((path) => fieldAt(object, ...path.split('.')) === true);
  return field === undefined ? undefined : { health: 'suspended', reason: `suspended by ${field}` };
}

function ask(step: Step, object: KubeObject): HealthVerdict | undefined {
  if ('condition' in step) return askConditions(step, object);
  return 'field' in step ? askField(step, object) : askCount(step, object);
}

function askConditions(step: ConditionStep, object: KubeObject): HealthVerdict | undefined {
  const conditions = step.at === undefined ? conditionsOf(object) : conditionsAt(object, step.at);
  const named = conditions.filter(({ type }) => isMeant(type, step.condition));
  return worst(named.flatMap((condition) => askCondition(step, condition, object) ?? []));
}

function askCondition(step: ConditionStep, condition: Condition, { metadata }: KubeObject): HealthVerdict | undefined {
  const byStatus = meaningOf(step.is, condition.status);
  const health = typeof byStatus === 'object' ? meaningOf(byStatus, condition.reason) : byStatus;
  if (health === undefined) return undefined;
  if (speaksOfThePast(condition, metadata.generation)) {
    const reason = `condition ${condition.type} speaks of generation ${condition.observedGeneration}, not yet of ${metadata.generation}`;
    return { health: 'progressing', reason };
  }
  return health === 'healthy' ? HEALTHY : { health, reason: describeCondition(condition) };
}

function askField(step: FieldStep, object: KubeObject): HealthVerdict | undefined {
  const path = typeof step.field === 'string' ? step.field.split('.') : step.field;
  const values = valuesAt(object, path);
  const place = path.join('.');
  if (values.length === 0) {
    return step.absent && { health: step.absent, reason: `${place} is not set yet` };
  }
  return worst(
    values.flatMap((value) => {
      const text = typeof value === 'object' ? '' : String(value);
      const health = step.is && meaningOf(step.is, text);
      if (health === undefined) return [];
      return health === 'healthy' ? HEALTHY : { health, reason: describeField(object, place, text) };
    }),
  );
}

/** `status.phase is Failed: disk full`: what the status says beside it belongs to it. */
function describeField(object: KubeObject, place: string, text: string): string {
  const said = MESSAGE_FIELDS.map((field) => fieldAt(object, 'status', field)).find(
    (value) => typeof value === 'string' && value !== '' && value !== text,
  );
  const state = text === '' ? `${place} is set` : `${place} is ${oneLine(text)}`;
  return typeof said === 'string' ? `${state}: ${oneLine(said)}` : state;
}

function askCount({ each, count, of, what, behind }: CountStep, object: KubeObject): HealthVerdict | undefined {
  const places = each === undefined ? [object] : valuesAt(object, [...each.split('.'), '*']);
  for (const place of places) {
    const wanted = numberAt(place, of.split('.'), undefined);
    const reached = numberAt(place, count.split('.'), 0);
    if (wanted !== undefined && reached < wanted) return { health: behind, reason: someOf(reached, wanted, what) };
  }
  return undefined;
}

/** An empty value is no value, and no `*`. */
function meaningOf<T>(meanings: Meanings<T>, text: string): T | undefined {
  if (Object.hasOwn(meanings, text)) return meanings[text];
  const beginning = Object.keys(meanings).find(
    (key) => key.length > 1 && key.endsWith('*') && text.startsWith(key.slice(0, -1)),
  );
  return meanings[beginning ?? '*'];
}

function isMeant(type: string, wanted: string): boolean {
  return wanted.startsWith('*') ? type.endsWith(wanted.slice(1)) : type === wanted;
}

function worst(verdicts: readonly HealthVerdict[]): HealthVerdict | undefined {
  const [first, ...others] = verdicts;
  return others.reduce(
    (found, next) =>
      found === undefined || HEALTHS.indexOf(next.health) > HEALTHS.indexOf(found.health) ? next : found,
    first,
  );
}
