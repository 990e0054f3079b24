import type { FunctionSettings } from '../../shared/config/function-settings.ts';
import { PlumblineError } from '../../shared/errors.ts';
import type { PlanDeps } from '../../shared/job/plan-fleet/plan-deps.ts';
import { isJsonObject } from '../../shared/model/json.ts';

/**
 * Returns the renderers' versions as they call themselves (`helm v4.2.3`), without the layer that holds them; kustomize is
 * a part of kubectl.
 *
 * @throws {ConfigInvalid} when the variable holds no such versions.
 */
export function rendererVersions(settings: FunctionSettings): PlanDeps['versions'] {
  const value = settings.json('rendererVersions');
  const { helm, kubectl } = isJsonObject(value) ? value : {};
  if (typeof helm === 'string' && typeof kubectl === 'string') {
    return { helm: `helm ${helm}`, kustomize: `kubectl ${kubectl}` };
  }
  throw new PlumblineError([
    {
      code: 'ConfigInvalid',
      subject: 'versions of the renderers',
      act: 'read the settings of the function',
      wrong: 'helm or kubectl is missing',
      remedy: 'deploy the stack again; it sets the variable',
    },
  ]);
}
