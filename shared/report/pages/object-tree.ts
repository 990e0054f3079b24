/** The objects of an application in a cluster as a tree: by wave, then kind; what each wave waits for. */
import { PHASES } from '../../model/object-policy.ts';
import { formatGroupKind, formatRef } from '../../model/object-ref.ts';
import type { Outcome } from '../../model/outcome.ts';
import { formatProblem } from '../../model/problem.ts';
import type { ObjectStatus } from '../../model/status.ts';
import { count } from '../times.ts';
import { type Html, html } from './html.ts';
import { markOf, rankOf, type Verdict, verdictOfHealth, verdictOfSync } from './marks.ts';

/** A kind with more objects, all of them good, is folded away. */
const MOST_UNFOLDED = 12;
const GOOD: Verdict = { tone: 'good', word: 'healthy' };

/** Returns the tree; trouble first within a kind. */
export function objectTree(objects: readonly ObjectStatus[]): Html {
  const turns = [...Map.groupBy(objects, ({ outcome }) => titleOf(outcome)).values()];
  const inOrder = turns.toSorted((a, b) => (a[0] && b[0] ? compareTurns(a[0].outcome, b[0].outcome) : 0));
  return html`<ul class="tree">${inOrder.map((own) => {
    const waits = waitsOf(own, objects);
    return html`<li><h3>${own[0] && titleOf(own[0].outcome)} <span class="quiet">${count(own.length, 'object')}${waits !== undefined && html`; waits for ${waits}`}</span></h3><ul>${kindsOf(own).map(kindOf)}</ul></li>`;
  })}</ul>`;
}

/** Objects of one phase and wave stand together. */
function titleOf({ hook, wave }: Outcome): string {
  return hook === undefined ? `Wave ${wave}` : `Hooks of ${hook}, wave ${wave}`;
}

function compareTurns(a: Outcome, b: Outcome): number {
  const phaseOf = ({ hook = 'sync' }: Outcome) => PHASES.indexOf(hook);
  return phaseOf(a) - phaseOf(b) || a.wave - b.wave || Number(b.hook !== undefined) - Number(a.hook !== undefined);
}

/** Returns the first object of an earlier wave that is not settled, when this wave has not been applied for it. */
function waitsOf(wave: readonly ObjectStatus[], objects: readonly ObjectStatus[]): string | undefined {
  const [own] = wave;
  if (own === undefined || !wave.some(({ outcome }) => outcome.result === 'skipped')) return undefined;
  const holding = objects.find(({ outcome }) => compareTurns(outcome, own.outcome) < 0 && !isGood(outcome));
  return holding === undefined ? undefined : `${formatRef(holding.outcome.ref)}: ${healthOf(holding.outcome).word}`;
}

function kindsOf(objects: readonly ObjectStatus[]): readonly (readonly ObjectStatus[])[] {
  const byKind = Map.groupBy(objects, ({ outcome }) => formatGroupKind(outcome.ref));
  return [...byKind].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, own]) => own);
}

function kindOf(objects: readonly ObjectStatus[]): Html {
  const [first] = objects;
  const kind = first === undefined ? '' : formatGroupKind(first.outcome.ref);
  const rank = ({ outcome }: ObjectStatus) => Math.min(rankOf(healthOf(outcome)), rankOf(syncOf(outcome)));
  const sorted = [...objects].sort((a, b) => rank(a) - rank(b) || (nameOf(a) < nameOf(b) ? -1 : 1));
  const list = html`<ul>${sorted.map(objectOf)}</ul>`;
  const isQuiet = objects.every(({ outcome }) => isGood(outcome));
  if (objects.length <= MOST_UNFOLDED || !isQuiet) return html`<li class="kind"><h4>${kind}</h4>${list}</li>`;
  return html`<li class="kind"><details><summary><h4>${kind}</h4> <span class="quiet">${count(objects.length, 'object')}, all synced and healthy</span></summary>${list}</details></li>`;
}

function objectOf(object: ObjectStatus): Html {
  const { outcome, source } = object;
  const place = source === undefined ? '' : `${source.path}${source.line === undefined ? '' : `:${source.line}`}`;
  const said = saidOf(outcome);
  return html`<li class="object"><p class="name">${nameOf(object)}</p><p>${markOf(syncOf(outcome))}</p><p>${markOf(healthOf(outcome))}</p><p class="place"><code>${place}</code></p>${said !== '' && html`<p class="said text">${said}</p>`}</li>`;
}

function nameOf({ outcome }: ObjectStatus): string {
  const { namespace, name } = outcome.ref;
  return namespace === '' ? name : `${namespace}/${name}`;
}

/** What was not looked at has the health that its application's outcome implies: unknown. */
function healthOf(outcome: Outcome): Verdict {
  if (outcome.health !== undefined) return verdictOfHealth(outcome.health.health);
  return outcome.result === 'failed' || outcome.result === 'skipped' ? verdictOfHealth('unknown') : GOOD;
}

function isGood(outcome: Outcome): boolean {
  return healthOf(outcome).tone === 'good' && syncOf(outcome).tone === 'good';
}

function syncOf({ result }: Outcome): Verdict {
  return verdictOfSync(result === 'failed' || result === 'skipped' ? 'out-of-sync' : 'synced');
}

/** Why it is not as it should be, what the API server warned of, or that drift was put right. */
function saidOf(outcome: Outcome): string {
  const reason = outcome.health?.reason ?? '';
  switch (outcome.result) {
    case 'failed':
      return [formatProblem(outcome.problem), reason].filter((part) => part !== '').join('\n');
    case 'skipped':
      return [`left alone: ${outcome.reason}`, reason].filter((part) => part !== '').join('\n');
    case 'created':
    case 'configured':
    case 'unchanged':
    case 'pruned':
      return [
        reason,
        ...(outcome.warnings ?? []).map((warning) => `warning: ${warning}`),
        outcome.healed === true ? 'drift was put right in the last run' : '',
      ]
        .filter((part) => part !== '')
        .join('\n');
  }
}
