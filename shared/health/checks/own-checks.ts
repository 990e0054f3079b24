/** Verdicts by the rules that an application declares for its own objects (`spec.healthChecks`). */

import type { HealthVerdict } from '../../model/health.ts';
import type { HealthCheck } from '../../model/health-check.ts';
import type { KubeObject } from '../../model/kube-object.ts';
import { groupOf } from '../../model/object-ref.ts';
import { HEALTHY, oneLine } from '../verdict.ts';
import type { Compiled, CompileExpression, Evaluated } from './expression.ts';

/** Undefined: none of the application's rules is about the object. */
export type OwnChecks = (object: KubeObject) => HealthVerdict | undefined;

interface Rule {
  readonly check: HealthCheck;
  readonly progressing: Compiled | undefined;
  readonly degraded: Compiled | undefined;
  readonly healthy: Compiled;
  readonly message: Compiled | undefined;
}

/** Returns `checks` ready to judge; the first that is about an object decides, in place of what its kind would say. */
export function prepareChecks(checks: readonly HealthCheck[], compile: CompileExpression): OwnChecks {
  const rules = checks.map((check): Rule => {
    const compiled = (expression: string | undefined) => (expression === undefined ? undefined : compile(expression));
    return {
      check,
      progressing: compiled(check.progressing),
      degraded: compiled(check.degraded),
      healthy: compile(check.healthy),
      message: compiled(check.message),
    };
  });
  return (object) => {
    const rule = rules.find(({ check }) => isAbout(check, object));
    return rule && judge(rule, object);
  };
}

function isAbout(check: HealthCheck, { apiVersion, kind, metadata }: KubeObject): boolean {
  return (
    check.kind === kind &&
    check.group === groupOf(apiVersion) &&
    (check.name === '*' || check.name === metadata.name) &&
    (check.namespace === '*' || check.namespace === (metadata.namespace ?? ''))
  );
}

/** In Flux's order: on its way, broken, well; what is none of them is still on its way. */
function judge(rule: Rule, object: KubeObject): HealthVerdict {
  for (const health of ['progressing', 'degraded', 'healthy'] as const) {
    const answer = ask(rule[health], object);
    if (answer === undefined) continue;
    if (!answer.ok || typeof answer.value !== 'boolean') {
      const wrong = answer.ok ? 'it gives a text, not true or false' : answer.wrong;
      return { health: 'unknown', reason: `its health check "${health}" cannot tell: ${oneLine(wrong)}` };
    }
    if (!answer.value) continue;
    return health === 'healthy' ? HEALTHY : { health, reason: messageOf(rule, object, health) };
  }
  return { health: 'progressing', reason: messageOf(rule, object, 'healthy') };
}

function messageOf(rule: Rule, object: KubeObject, field: 'progressing' | 'degraded' | 'healthy'): string {
  const answer = ask(rule.message, object);
  if (answer?.ok && typeof answer.value === 'string' && answer.value !== '') return oneLine(answer.value);
  const said = field === 'healthy' ? 'is not true yet' : 'is true';
  return oneLine(`its health check "${field}" ${said}: ${rule.check[field] ?? ''}`);
}

function ask(compiled: Compiled | undefined, object: KubeObject): Evaluated | undefined {
  if (compiled === undefined) return undefined;
  return compiled.ok ? compiled.evaluate(object) : { ok: false, wrong: compiled.fault.wrong };
}
