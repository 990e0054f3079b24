import { readKubernetesReleases } from '../../shared/adapters/kubernetes-schemas/read-releases.ts';
import { type ValidateFleetDeps, validateFleet } from '../../shared/job/validate-fleet.ts';
import type { MinorVersion } from '../../shared/model/kubernetes-release.ts';
import { validationGithub } from '../../shared/report/validation/validation-github.ts';
import { validationJson } from '../../shared/report/validation/validation-json.ts';
import { validationJunit } from '../../shared/report/validation/validation-junit.ts';
import { type ValidationReport, verdictOf } from '../../shared/report/validation/validation-report.ts';
import { validationSarif } from '../../shared/report/validation/validation-sarif.ts';
import { formatValidation } from '../../shared/report/validation/validation-text.ts';
import type { CommandIo, ExitStatus } from '../command-io.ts';
import { type FleetOptions, fleetPlaceOf, type LocalFleet, openLocalFleet } from '../local-fleet.ts';
import { openLocalRendering } from '../local-rendering.ts';
import { VERSION } from '../version.ts';

export interface ValidateOptions extends FleetOptions {
  readonly json?: boolean;
  readonly output: 'text' | 'json' | 'sarif' | 'junit' | 'github';
  readonly failOn: 'error' | 'warning';
  readonly strictKinds?: boolean;
  /** True: the version after each cluster's own; false: none. */
  readonly next: MinorVersion | boolean;
}

/** Exit 1 when the fleet repository would be refused, an application does not render, or an object would not be taken. */
export async function validate(options: ValidateOptions, io: CommandIo): Promise<ExitStatus> {
  const local = openLocalFleet(fleetPlaceOf(options, io.environment), io.environment);
  try {
    const startedMs = local.monotonicMs();
    io.progress(`reading and rendering ${local.place.branch}`);
    const rendering = await openLocalRendering(local, io, { unknown: 'assume' });
    const deps = { ...rendering, releases: readKubernetesReleases(), seenVersionOf: versionReader(local) };
    const { name: fleet, branch: ref, folder } = local.place;
    const next = options.next === true ? 'following' : options.next === false ? 'none' : options.next;
    const strictKinds = options.strictKinds ?? false;
    const { commit, ...found } = await validateFleet(deps, { fleet, ref, folder, next, strictKinds });
    const durationMs = local.monotonicMs() - startedMs;
    print({ fleet: options.fleet, revision: commit.revision, ...found, durationMs }, options, io);
    return verdictOf(found.findings, options.failOn);
  } finally {
    local.close();
  }
}

/** What the last run of a cluster saw here; on a fresh machine, nothing. */
function versionReader({ state, place }: LocalFleet): ValidateFleetDeps['seenVersionOf'] {
  return async ({ metadata }) => (await state.readCluster(place.name, metadata.name))?.status?.facts?.kubernetesVersion;
}

function print(report: ValidationReport, { json, output, failOn }: ValidateOptions, io: CommandIo): void {
  switch (json === true ? 'json' : output) {
    case 'text':
      io.print(formatValidation(report, io));
      break;
    case 'json':
      io.printJson(validationJson(report));
      break;
    case 'sarif':
      io.printJson(validationSarif(report, VERSION));
      break;
    case 'junit':
      io.print(validationJunit(report, failOn));
      break;
    case 'github':
      io.print(validationGithub(report));
  }
}
