/**
 * What holds for every kind, before and after its own rule. Source: kstatus (sigs.k8s.io/cli-utils, pkg/kstatus/status,
 * generic.go and core.go). Beyond it: a condition's own observedGeneration counts (Gateway API has no other), and a
 * custom resource without a rule is never healthy while one of the conditions below says that something is wrong.
 */
import type { HealthVerdict } from '../model/health.ts';
import type { KubeObject } from '../model/kube-object.ts';
import { type Condition, conditionsOf, describeCondition } from './conditions.ts';
import { numberAt } from './read-field.ts';
import { degraded, HEALTHY, progressing } from './verdict.ts';

/** Conditions that are True when all is well; anything else means: not yet. */
const GOOD_WHEN_TRUE: ReadonlySet<string> = new Set([
  'Ready',
  'Available',
  'Healthy',
  'Synced',
  'Accepted',
  'Programmed',
]);
/** Conditions that are True when the controller gave up or serves badly. */
const BAD_WHEN_TRUE: ReadonlySet<string> = new Set(['Failed', 'Degraded', 'Error']);

/** Returns the verdict that needs no knowledge of the kind: deletion, generation, Reconciling, Stalled; undefined: none. */
export function assessAnyKind(object: KubeObject): HealthVerdict | undefined {
  return assessDeletion(object) ?? assessGeneration(object) ?? assessStandardConditions(object);
}

/** Returns the verdict for a kind without a rule of its own. */
export function assessUnknownKind(object: KubeObject): HealthVerdict {
  const conditions = conditionsOf(object);
  const bad = conditions.find(({ type, status }) => BAD_WHEN_TRUE.has(type) && status === 'True');
  if (bad !== undefined) return degraded(describeCondition(bad));
  const { generation } = object.metadata;
  for (const condition of conditions.filter(({ type }) => GOOD_WHEN_TRUE.has(type))) {
    if (condition.status !== 'True') return progressing(describeCondition(condition));
    if (speaksOfThePast(condition, generation)) {
      return progressing(
        `condition ${condition.type} speaks of generation ${condition.observedGeneration}, not yet of ${generation}`,
      );
    }
  }
  return HEALTHY;
}

function assessDeletion(object: KubeObject): HealthVerdict | undefined {
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
  for (const condition of conditionsOf(object)) {
    if (condition.status !== 'True') continue;
    if (condition.type === 'Reconciling') return progressing(describeCondition(condition));
    if (condition.type === 'Stalled') return degraded(describeCondition(condition));
  }
  return undefined;
}

function speaksOfThePast(condition: Condition, generation: number | undefined): boolean {
  return (
    condition.observedGeneration !== undefined && generation !== undefined && condition.observedGeneration < generation
  );
}
