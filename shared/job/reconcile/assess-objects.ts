import { assessHealth } from '../../health/assess.ts';
import { loadExpressions } from '../../health/checks/expression.ts';
import { type OwnChecks, prepareChecks } from '../../health/checks/own-checks.ts';
import { assessDeletion } from '../../health/generic.ts';
import type { DesiredApplication } from '../../model/desired-state.ts';
import type { HealthVerdict } from '../../model/health.ts';
import type { KubeObject } from '../../model/kube-object.ts';

/** The verdict on an object of an application at `nowMs` (ms since 1970). */
export type AssessObject = (application: string, object: KubeObject, nowMs: number) => HealthVerdict;

/**
 * Returns how objects are judged: by the application's own rules where it has one for them, else by what their kind
 * says. Only applications with rules of their own load what reads them.
 */
export async function createAssess(
  applications: readonly Pick<DesiredApplication, 'name' | 'healthChecks'>[],
): Promise<AssessObject> {
  const checked = applications.flatMap(({ name, healthChecks = [] }) =>
    healthChecks.length === 0 ? [] : [{ name, healthChecks }],
  );
  if (checked.length === 0) return (_application, object, nowMs) => assessHealth(object, nowMs);
  const compile = await loadExpressions();
  const own = new Map<string, OwnChecks>(
    checked.map(({ name, healthChecks }) => [name, prepareChecks(healthChecks, compile)]),
  );
  return (application, object, nowMs) => {
    const byOwn = own.get(application);
    // Gone is what a deleted object will be, whatever its status still says.
    if (byOwn === undefined || assessDeletion(object) !== undefined) return assessHealth(object, nowMs);
    return byOwn(object) ?? assessHealth(object, nowMs);
  };
}
