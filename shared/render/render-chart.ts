/** Renders a Helm chart by `helm template`; its hooks come along, but for those that only `helm` itself runs. */
import { PlumblineError } from '../errors.ts';
import type { RenderedObject } from '../model/desired-state.ts';
import type { ExternalRenderer } from '../model/external-renderer.ts';
import { readObjectPolicy } from '../model/object-policy/read-object-policy.ts';
import { type ChartCall, type ChartSettings, chartCall } from './chart/chart-call.ts';
import { answeredTemplates } from './chart/chart-templates.ts';
import { driftWarnings } from './chart/drift-warnings.ts';
import { explainHelmError } from './chart/explain-helm-error.ts';
import { readPrinted } from './chart/printed-chart.ts';
import type { RenderInput } from './input.ts';
import { type ReadObjects, throwProblems } from './read-objects.ts';
import { RENDER_TIMEOUT_MS, type Rendered } from './rendered.ts';

/** @throws {PlumblineError} RenderFailed, ConfigInvalid; what was gathered of a Secret may be in it and in a warning. */
export async function renderChart(
  input: RenderInput,
  settings: ChartSettings,
  helm: ExternalRenderer,
): Promise<Rendered> {
  const templates = answeredTemplates(input, settings);
  throwProblems(templates.problems);
  const call = chartCall(input, settings, templates.files);
  const renderOnce = async (): Promise<ReadObjects> => {
    const printed = await runHelm(input, call, helm).catch((error: unknown) => {
      throw explainHelmError(error, { input, templates });
    });
    const { objects, warnings, ...read } = readPrinted(printed.yaml, input);
    const kept = objects.filter((rendered) => !isForHelmAlone(rendered));
    return { ...read, objects: kept, warnings: [...printed.warnings, ...warnings] };
  };
  const first = await renderOnce();
  const drift = templates.mayDrift ? await findDrift(first, renderOnce, input) : [];
  return { objects: first.objects, warnings: [...first.warnings, ...drift] };
}

/**
 * Renders a second time, where chance may be at work; most charts render to the same again and are spared that. After the
 * first and not beside it, because each may take most of the memory that there is.
 */
async function findDrift(
  first: ReadObjects,
  renderOnce: () => Promise<ReadObjects>,
  input: RenderInput,
): Promise<readonly string[]> {
  try {
    return driftWarnings(first.objects, (await renderOnce()).objects, input);
  } catch (error) {
    // There is a rendering, and what is short now is time or memory.
    if (!(error instanceof PlumblineError) || error.isOwn) throw error;
    return [`${input.subject}: what chance changes in it could not be found out: ${error.problems[0].wrong}`];
  }
}

function runHelm({ subject }: RenderInput, call: ChartCall, helm: ExternalRenderer) {
  return helm.run({ subject, ...call, timeoutMs: RENDER_TIMEOUT_MS });
}

/** Hooks of `helm test` and of a rollback, which is a commit here. */
function isForHelmAlone({ object }: RenderedObject): boolean {
  return readObjectPolicy(object).policy.hook?.runs.length === 0;
}
