/**
 * What holds for every kind, before and after its own rule. Source: kstatus (sigs.k8s.io/cli-utils, pkg/kstatus/status,
 * generic.go and core.go). Beyond it: Stalled goes before Reconciling wherever it stands; a Reconciling that only tries
 * again (Flux: ProgressingWithRetry) leaves the word to what failed; a condition's own observedGeneration counts (Gateway
 * API has no other); and a kind without a rule is never healthy while a condition or a phase says that something is wrong.
 */
import type { HealthVerdict } from '../model/health.ts';
import type { KubeObject } from '../model/kube-object.ts';
import { type Condition, conditionsOf, describeCondition, speaksOfThePast } from './conditions.ts';
import { numberAt, textAt } from './read-field.ts';
import { degraded, HEALTHY, oneLine, progressing, suspended } from './verdict.ts';

/** Conditions that are True when all is well. */
const GOOD_WHEN_TRUE: ReadonlySet<string> = new Set([
  ...['Ready', 'Available', 'Healthy', 'Synced', 'Accepted', 'Programmed', 'ResolvedRefs', 'Established'],
  ...['Reconciled', 'Valid', 'Succeeded', 'Complete', 'Deployed', 'Configured', 'RemoteSynced', 'ResourceSynced'],
]);
/** They tell of a part, so they count only where nothing speaks for the whole. */
const GOOD_ENDINGS = ['Ready', 'Available', 'Healthy', 'Synced', 'Synchronized', 'Succeeded', 'Completed', 'Applied'];
/** Conditions that are True when the controller gave up or serves badly. */
const BAD_WHEN_TRUE: ReadonlySet<string> = new Set([
  ...['Failed', 'Failure', 'Degraded', 'Error', 'Errored', 'HasErrors', 'ErrorOccurred', 'Invalid', 'NotReady'],
  ...['SpecError', 'Conflicted', 'Terminal', 'ResolutionFailed', 'ValidationFailed'],
]);
const RESTS_WHEN_TRUE: ReadonlySet<string> = new Set(['Paused', 'Suspended', 'Hibernated', 'Stopped']);
/** Reasons, in CamelCase by convention, that tell a failure from a "not yet". */
const FAILURE =
  /fail|error|invalid|denied|forbidden|unauthori[sz]ed|unreachable|conflict|reject|exceeded|notfound|backoff|crash/i;
/** Words that controllers use for the state as a whole, in lower case. */
const BAD_PHASES: ReadonlySet<string> = new Set([
  'failed',
  'failure',
  'error',
  'degraded',
  'invalid',
  'rejected',
  'unhealthy',
]);
const BUSY_PHASES: ReadonlySet<string> = new Set([
  ...['pending', 'creating', 'provisioning', 'initializing', 'installing', 'progressing', 'inprogress', 'reconciling'],
  ...['updating', 'upgrading', 'scaling', 'starting', 'restarting', 'stopping', 'deleting', 'terminating', 'deploying'],
]);
const RESTING_PHASES: ReadonlySet<string> = new Set(['paused', 'suspended', 'stopped', 'hibernated']);
const PHASE_FIELDS = ['phase', 'state', 'status', 'health'] as const;

/** Returns the verdict that needs no knowledge of the kind: generation, Reconciling, Stalled; undefined: none. */
export function assessAnyKind(object: KubeObject): HealthVerdict | undefined {
  return assessGeneration(object) ?? assessStandardConditions(object);
}

/** Returns the verdict for a kind without a rule of its own. */
export function assessUnknownKind(object: KubeObject): HealthVerdict {
  const conditions = conditionsOf(object);
  const bad = conditions.find(({ type, status }) => BAD_WHEN_TRUE.has(type) && status === 'True');
  if (bad !== undefined) return degraded(describeCondition(bad));
  const resting = conditions.find(({ type, status }) => RESTS_WHEN_TRUE.has(type) && status === 'True');
  if (resting !== undefined) return suspended(describeCondition(resting));
  const whole = conditions.filter(({ type }) => GOOD_WHEN_TRUE.has(type));
  const telling =
    whole.length > 0 ? whole : conditions.filter(({ type }) => GOOD_ENDINGS.some((end) => type.endsWith(end)));
  const verdicts = telling.flatMap((condition) => notGood(condition, object.metadata.generation) ?? []);
  const worst = verdicts.find(({ health }) => health === 'degraded') ?? verdicts[0];
  return worst ?? assessPhase(object) ?? HEALTHY;
}

/** Returns progressing for what is being deleted, whatever else it says. */
export function assessDeletion(object: KubeObject): HealthVerdict | undefined {
  const { deletionTimestamp, finalizers } = object.metadata;
  if (deletionTimestamp === undefined) return undefined;
  const waits =
    finalizers === undefined || finalizers.length === 0 ? '' : `, waits for finalizers ${finalizers.join(', ')}`;
  return progressing(`terminating since ${deletionTimestamp}${waits}`);
}

function assessGeneration(object: KubeObject): HealthVerdict | undefined {
  const { generation } = object.metadata;
  const observed = numberAt(object, ['status', 'observedGeneration'], undefined);
  if (generation === undefined || observed === undefined || generation === observed) return undefined;
  return progressing(`its controller has seen generation ${observed}, not yet ${generation}`);
}

function assessStandardConditions(object: KubeObject): HealthVerdict | undefined {
  const conditions = conditionsOf(object).filter(({ status }) => status === 'True');
  const stalled = conditions.find(({ type }) => type === 'Stalled');
  if (stalled !== undefined) return degraded(describeCondition(stalled));
  const reconciling = conditions.find(
    ({ type, reason }) => type === 'Reconciling' && reason !== 'ProgressingWithRetry',
  );
  return reconciling && progressing(describeCondition(reconciling));
}

function notGood(condition: Condition, generation: number | undefined): HealthVerdict | undefined {
  if (speaksOfThePast(condition, generation)) {
    return progressing(
      `condition ${condition.type} speaks of generation ${condition.observedGeneration}, not yet of ${generation}`,
    );
  }
  if (condition.status === 'True') return undefined;
  const isFailure = condition.status === 'False' && FAILURE.test(condition.reason);
  return isFailure ? degraded(describeCondition(condition)) : progressing(describeCondition(condition));
}

function assessPhase(object: KubeObject): HealthVerdict | undefined {
  for (const field of PHASE_FIELDS) {
    const phase = textAt(object, 'status', field);
    const word = phase.toLowerCase();
    const message = oneLine(textAt(object, 'status', 'message') || textAt(object, 'status', 'reason'));
    const said = `status.${field} is ${phase}${message === '' ? '' : `: ${message}`}`;
    if (BAD_PHASES.has(word)) return degraded(said);
    if (BUSY_PHASES.has(word)) return progressing(said);
    if (RESTING_PHASES.has(word)) return suspended(said);
  }
  return undefined;
}
