import { PlumblineError } from '../errors.ts';
import { repositorySchema } from '../model/declarations.ts';
import type { FleetPlace } from '../model/fleet-place.ts';
import type { FunctionSettings } from './function-settings.ts';
import { FUNCTION_VARIABLES } from './names.ts';

/** Returns where the fleet repository is. @throws {ConfigInvalid} when a variable is missing or no Repository's spec. */
export function readFleetPlace(settings: FunctionSettings): FleetPlace {
  const spec = repositorySchema.shape.spec.safeParse(settings.json('repository'));
  if (!spec.success) {
    const [issue] = spec.error.issues;
    throw new PlumblineError([
      {
        code: 'ConfigInvalid',
        subject: `environment variable ${FUNCTION_VARIABLES.repository}`,
        act: 'read the settings of the function',
        wrong: `${issue?.path.join('.') || 'it'}: ${issue?.message ?? 'not readable'}`,
        remedy: 'name the fleet repository in plumbline.config.ts and deploy again',
      },
    ]);
  }
  return { fleet: settings.text('fleet'), branch: settings.text('branch'), repository: spec.data };
}
