import { PlumblineError } from '../errors.ts';
import type { Rendering } from '../model/desired-state.ts';
import type { ExternalRenderer } from '../model/external-renderer.ts';
import { maskedError, maskOf } from './chart/mask-gathered.ts';
import type { RenderInput } from './input.ts';
import { findPointers } from './lfs-pointer.ts';
import { throwProblems } from './read-objects.ts';
import { renderChart } from './render-chart.ts';
import { renderDirectory } from './render-directory.ts';
import { renderKustomization } from './render-kustomization.ts';
import type { Rendered } from './rendered.ts';

export interface Renderers {
  readonly helm: ExternalRenderer;
  readonly kustomize: ExternalRenderer;
}

/**
 * Returns the objects of an application, in the order of its files or as the renderer printed them.
 *
 * @throws {PlumblineError} RenderFailed with everything that is wrong, each with its file; StateUnavailable when the
 * renderer is of another version than the input is meant for, which is over when a deployment is.
 */
export async function renderApplication(input: RenderInput, renderers: Renderers): Promise<Rendering> {
  const { settings, inputDigest } = input;
  if (settings.kind !== 'directory') assertVersion(input, renderers[settings.kind]);
  const pointers = findPointers(input);
  throwProblems(pointers.problems);
  const { objects, warnings } = await renderMasked(input, renderers);
  return { inputDigest, objects, warnings: [...(input.notes ?? []), ...pointers.warnings, ...warnings] };
}

/** Nothing of a gathered Secret is in an error or a warning, whichever renderer says it. */
async function renderMasked(input: RenderInput, renderers: Renderers): Promise<Rendered> {
  if (input.gathered === undefined) return renderFiles(input, renderers);
  const mask = maskOf(input.gathered);
  try {
    const rendered = await renderFiles(input, renderers);
    return { ...rendered, warnings: rendered.warnings.map(mask) };
  } catch (error) {
    throw maskedError(error, mask);
  }
}

async function renderFiles(input: RenderInput, renderers: Renderers): Promise<Rendered> {
  const { settings } = input;
  switch (settings.kind) {
    case 'directory':
      return renderDirectory(input);
    case 'kustomize':
      return renderKustomization(input, settings.overlay, renderers.kustomize);
    case 'helm':
      return renderChart(input, settings, renderers.helm);
  }
}

/** What another version renders would be kept under a digest that promises this one. */
function assertVersion({ subject, renderer }: RenderInput, { version }: ExternalRenderer): void {
  if (renderer === version) return;
  throw new PlumblineError([
    {
      code: 'StateUnavailable',
      subject,
      act: 'render',
      wrong: `it was planned for ${renderer}, and ${version} is here`,
      remedy: 'wait until the deployment is through; if it lasts, deploy again',
    },
  ]);
}
