// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${...} are expressions of declarations, not of JavaScript
import { EXPRESSION_FIELDS } from '../../model/health-check.ts';
import type { ApplicationFault, FoundApplication } from './named-application.ts';

/** Returns what is wrong with an expression, and where in it, from 1; undefined: it compiles. */
export type CheckExpression = (
  expression: string,
) => { readonly wrong: string; readonly line: number; readonly column: number } | undefined;

/** Returns a fault for every expression in `spec.healthChecks` that does not compile; none while nobody can check. */
export function checkHealthChecks(
  applications: readonly FoundApplication[],
  check: CheckExpression | undefined,
): readonly ApplicationFault[] {
  if (check === undefined) return [];
  return applications.flatMap((application) =>
    (application.declaration.spec.healthChecks ?? []).flatMap((rule, index) =>
      EXPRESSION_FIELDS.flatMap((field) => {
        const expression = rule[field];
        // What a cluster fills in is known only there.
        const fault = expression === undefined || expression.includes('${') ? undefined : check(expression);
        if (fault === undefined) return [];
        const wrong = `${fault.wrong}, at line ${fault.line}, column ${fault.column} of the expression`;
        const path = ['spec', 'healthChecks', index, field];
        const remedy = 'correct the CEL expression (docs/health.md)';
        return [{ application, fault: { path, wrong, remedy } }];
      }),
    ),
  );
}
