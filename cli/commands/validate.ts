import { type RenderedCluster, renderFleet } from '../../shared/job/render-fleet.ts';
import { validationJson } from '../../shared/report/json-report.ts';
import { formatValidation } from '../../shared/report/validate-text.ts';
import type { CommandIo, ExitStatus } from '../command-io.ts';
import { type FleetOptions, fleetPlaceOf, openLocalFleet } from '../local-fleet.ts';
import { openLocalRendering } from '../local-rendering.ts';

export interface ValidateOptions extends FleetOptions {
  readonly json?: boolean;
}

/** Exit 1 when the fleet repository would be refused, or an application does not render. */
export async function validate(options: ValidateOptions, io: CommandIo): Promise<ExitStatus> {
  const local = openLocalFleet(fleetPlaceOf(options, io.environment), io.environment);
  try {
    const startedMs = local.monotonicMs();
    io.progress(`reading and rendering ${local.place.branch}`);
    const rendering = await openLocalRendering(local, io, { unknown: 'assume' });
    const { name: fleet, branch: ref, folder } = local.place;
    const rendered = await renderFleet(rendering, { fleet, ref, folder });
    const report = {
      fleet: options.fleet,
      revision: rendered.commit.revision,
      clusters: rendered.declarations.clusters.length,
      applications: rendered.declarations.applications.length,
      objects: rendered.clusters
        .flatMap(({ applications }) => applications.map(objectCount))
        .reduce((a, b) => a + b, 0),
      durationMs: local.monotonicMs() - startedMs,
      problems: [...rendered.problems, ...rendered.clusters.flatMap(problemsOf)],
      warnings: [...new Set(rendered.clusters.flatMap(warningsOf))],
    };
    if (options.json) io.printJson(validationJson(report));
    else io.print(formatValidation(report, io));
    return report.problems.length === 0 ? 0 : 1;
  } finally {
    local.close();
  }
}

type Rendered = RenderedCluster['applications'][number];

function objectCount({ rendering }: Rendered): number {
  return rendering.objects.length;
}

function problemsOf({ desired }: RenderedCluster) {
  return desired.unavailable.flatMap(({ problems }) => problems);
}

function warningsOf({ applications }: RenderedCluster): readonly string[] {
  return applications.flatMap(({ application, rendering }) =>
    rendering.warnings.map((warning) => `${application.name}: ${warning}`),
  );
}
