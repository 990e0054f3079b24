/**
 * Says why objects are not healthy, from Pods, events and logs, so that nobody needs kubectl to read "image cannot be
 * pulled: 403". A healthy cluster is asked nothing. Of an ill one a run asks for few objects only, and of the same
 * trouble not again for minutes: what was found the last time is in what the last run saw.
 */
import { gravestTrouble, type TroubledPod, withPodTrouble } from '../../health/explain-workload.ts';
import { HEALTHS, type HealthExplanation, type HealthVerdict } from '../../model/health.ts';
import type { KubeObject } from '../../model/kube-object.ts';
import { formatRef, type RefKey } from '../../model/object-ref.ts';
import type { Applied } from './apply-object.ts';
import { askWhy } from './ask-why.ts';
import { eachConcurrently } from './each-concurrently.ts';
import type { RunContext } from './run-context.ts';
import { preferredPathOf } from './served-kinds.ts';

const WORKLOADS: ReadonlySet<string> = new Set([
  ...['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet', 'Job', 'Rollout'],
]);
/** One LIST of Pods each; a cluster that is ill everywhere is explained by a few. */
const MOST_NAMESPACES = 10;
/** One request each. */
const MOST_ASKED = 5;
/** The same trouble may get another cause, such as another answer of the registry. */
const ASK_AGAIN_MS = 300_000;

export interface ExplainInput {
  /** Applications that take longer than they may. */
  readonly late: ReadonlySet<string>;
  /** Reads what the last run saw; asked only where something is ill. */
  readonly readLast: () => Promise<ReadonlyMap<RefKey, HealthVerdict>>;
}

interface Ill {
  readonly result: Applied;
  readonly live: KubeObject;
  readonly verdict: HealthVerdict;
  readonly troubled: TroubledPod | undefined;
}

/** Returns `results` with deeper reasons. What was written just now is left alone: its Pods are only being made. */
export async function explainHealth(
  run: RunContext,
  results: readonly Applied[],
  input: ExplainInput,
): Promise<readonly Applied[]> {
  const ill = await withPods(run, results.flatMap(illOf));
  // What an application that is declared no longer kept secret is not known, so what its Pods print is not asked for.
  const isKnown = ({ result }: Ill) => run.secretsOf(result.change.application) !== undefined;
  const asking = ill.filter((one) => isKnown(one) && isWorthAsking(one, input.late)).toSorted(worstFirst);
  const last = asking.length === 0 ? new Map<RefKey, HealthVerdict>() : await input.readLast();
  const known = asking.map((one) => ({ one, explained: stillKnown(one, last, run.nowMs()) }));
  const fresh = known.filter(({ explained }) => explained === undefined).slice(0, MOST_ASKED);
  const answers = await eachConcurrently(fresh, run.limits.concurrency, async ({ one }): Promise<HealthExplanation> => {
    const secrets = run.secretsOf(one.result.change.application) ?? [];
    const said = await askWhy(run, one.live, { troubled: one.troubled, secrets });
    return { of: troubleWords(one.verdict), said, atMs: run.nowMs() };
  });
  const explanations = new Map<Applied, HealthExplanation>();
  for (const { one, explained } of known) if (explained !== undefined) explanations.set(one.result, explained);
  for (const [index, { one }] of fresh.entries()) {
    const answer = answers[index];
    if (answer !== undefined) explanations.set(one.result, answer);
  }
  const verdicts = new Map(
    ill.map(({ result, verdict }) => [result, explainedVerdict(verdict, explanations.get(result))]),
  );
  return results.map((result) => {
    const health = verdicts.get(result);
    return health === undefined ? result : { ...result, outcome: { ...result.outcome, health } };
  });
}

function illOf(result: Applied): readonly Ill[] {
  const { outcome, live } = result;
  const verdict = outcome.health;
  const isWritten = outcome.result === 'created' || outcome.result === 'configured';
  if (live === undefined || verdict === undefined || isWritten) return [];
  const isIll = verdict.health === 'progressing' || verdict.health === 'degraded';
  return isIll ? [{ result, live, verdict, troubled: undefined }] : [];
}

async function withPods(run: RunContext, ill: readonly Ill[]): Promise<readonly Ill[]> {
  const path = preferredPathOf(run.served, { group: '', kind: 'Pod' });
  const workloads = ill.filter(({ live }) => WORKLOADS.has(live.kind));
  const namespaces = [...new Set(workloads.map(({ live }) => live.metadata.namespace ?? ''))].slice(0, MOST_NAMESPACES);
  if (path === undefined || namespaces.length === 0) return ill;
  const pods = await eachConcurrently(namespaces, run.limits.concurrency, async (namespace) => {
    const listed = await run.connection.list(path, { namespace });
    return listed.ok ? listed.value : [];
  });
  const podsByNamespace = new Map(namespaces.map((namespace, index) => [namespace, pods[index] ?? []]));
  return ill.map((one) => {
    if (!WORKLOADS.has(one.live.kind)) return one;
    const troubled = gravestTrouble(one.live, podsByNamespace.get(one.live.metadata.namespace ?? '') ?? []);
    return { ...one, troubled, verdict: withPodTrouble(one.verdict, troubled) };
  });
}

/** What is merely on its way is left to its way: its timeout will tell. */
function isWorthAsking({ result, verdict, troubled }: Ill, late: ReadonlySet<string>): boolean {
  // The scheduler's event repeats what the Pod's condition says.
  if (troubled?.trouble.kind === 'unschedulable') return false;
  return verdict.health === 'degraded' || troubled !== undefined || late.has(result.change.application);
}

function worstFirst(a: Ill, b: Ill): number {
  return HEALTHS.indexOf(b.verdict.health) - HEALTHS.indexOf(a.verdict.health);
}

function stillKnown(
  { result, verdict }: Ill,
  last: ReadonlyMap<RefKey, HealthVerdict>,
  nowMs: number,
): HealthExplanation | undefined {
  const explained = last.get(formatRef(result.change.ref))?.explained;
  const isSame = explained?.of === troubleWords(verdict) && nowMs - explained.atMs < ASK_AGAIN_MS;
  return isSame ? explained : undefined;
}

/** Restarts count up, and replicas come and go, while the trouble stays the same. */
function troubleWords({ reason }: HealthVerdict): string {
  return reason.replace(/\d+/g, '#');
}

function explainedVerdict(verdict: HealthVerdict, explained: HealthExplanation | undefined): HealthVerdict {
  if (explained === undefined) return verdict;
  const reason = explained.said === '' ? verdict.reason : `${verdict.reason}; ${explained.said}`;
  return { ...verdict, reason, explained };
}
