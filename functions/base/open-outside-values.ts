import { lateStackOutputs } from '../../shared/adapters/cloudformation/late-stack-outputs.ts';
import { lateParameters } from '../../shared/adapters/ssm/late-parameters.ts';
import { outsideValues } from '../../shared/job/plan-fleet/outside-values.ts';
import type { OutsideValues } from '../../shared/job/value-port.ts';

/** Returns what reads parameters and stack outputs with the rights of the function. */
export function openOutsideValues(): OutsideValues {
  return outsideValues(lateParameters(), lateStackOutputs());
}
