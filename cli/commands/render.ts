import { PlumblineError } from '../../shared/errors.ts';
import { printDeclarations, readMadeDeclarations } from '../../shared/job/made-declarations.ts';
import { printObjects } from '../../shared/job/print-objects.ts';
import { type RenderedFleet, renderFleet } from '../../shared/job/render-fleet.ts';
import { maskObject } from '../../shared/report/mask.ts';
import type { CommandIo, ExitStatus } from '../command-io.ts';
import { type FleetOptions, fleetPlaceOf, type LocalFleet, openLocalFleet } from '../local-fleet.ts';
import { openLocalRendering } from '../local-rendering.ts';

export interface RenderOptions extends FleetOptions {
  readonly json?: boolean;
  readonly cluster?: string;
  /** Print what templates make instead of objects. */
  readonly declarations?: boolean;
}

/** Exit 1 when something does not render; what does is printed all the same. */
export async function render(
  application: string | undefined,
  options: RenderOptions,
  io: CommandIo,
): Promise<ExitStatus> {
  const local = openLocalFleet(fleetPlaceOf(options, io.environment), io.environment);
  try {
    if (options.declarations) return await printMade(local, application, { options, io });
    io.progress(`reading and rendering ${local.place.branch}`);
    const rendering = await openLocalRendering(local, io, { unknown: 'ask' });
    const { name: fleet, branch: ref, folder } = local.place;
    const only = options.cluster === undefined ? {} : { clusters: [options.cluster] };
    const rendered = await renderFleet(rendering, { fleet, ref, folder, ...only });
    if (application !== undefined) assertDeclared(rendered, application);
    if (options.json) io.printJson(objectsJson(rendered, application));
    else if (rendered.clusters.length > 0) io.print(printObjects(rendered.clusters, application));
    const problems = [...rendered.problems, ...unavailableIn(rendered, application)];
    if (problems.length > 0) io.noteProblems(problems);
    return problems.length === 0 ? 0 : 1;
  } finally {
    local.close();
  }
}

/** Exit 1 when a declaration is wrong; what templates make without a mistake is printed all the same. */
async function printMade(
  { place, sources, directory, state }: LocalFleet,
  application: string | undefined,
  { options, io }: { readonly options: RenderOptions; readonly io: CommandIo },
): Promise<ExitStatus> {
  const { branch: ref, folder } = place;
  const asked = { ...(application && { application }), ...(options.cluster && { cluster: options.cluster }) };
  const { commit, made, problems } = await readMadeDeclarations(
    { sources, directory, state },
    { ref, folder, ...asked },
  );
  if (options.json) io.printJson({ kind: 'MadeDeclarations', commit: commit.revision, declarations: made });
  else if (made.length > 0) io.print(printDeclarations(made));
  else if (problems.length === 0) io.note(NOTHING_MADE);
  if (problems.length > 0) io.noteProblems(problems);
  return problems.length === 0 ? 0 : 1;
}

const NOTHING_MADE = 'no ApplicationTemplate makes anything of that';

function unavailableIn({ clusters }: RenderedFleet, application: string | undefined) {
  return clusters.flatMap(({ desired }) =>
    desired.unavailable
      .filter(({ name }) => application === undefined || name === application)
      .flatMap((one) => one.problems),
  );
}

function objectsJson({ clusters, commit }: RenderedFleet, application: string | undefined) {
  return {
    kind: 'Rendering',
    commit: commit.revision,
    clusters: clusters.map(({ cluster, applications }) => ({
      cluster: cluster.metadata.name,
      applications: applications
        .filter((one) => application === undefined || one.application.name === application)
        .map((one) => ({
          application: one.application.name,
          objects: one.rendering.objects.map(({ object, source }) => ({ source, object: maskObject(object) })),
        })),
    })),
  };
}

function assertDeclared({ declarations, problems }: RenderedFleet, application: string): void {
  const good = declarations.applications.map(({ declaration }) => declaration.metadata.name);
  const names = [...new Set([...good, ...(declarations.broken ?? []).map(({ name }) => name)])];
  if (names.includes(application) || problems.length > 0) return;
  const remedy = names.length === 0 ? 'declare one' : `name one of: ${names.join(', ')}`;
  throw new PlumblineError([
    {
      code: 'ConfigInvalid',
      subject: `Application ${application}`,
      act: 'render',
      wrong: 'it is not declared',
      remedy,
    },
  ]);
}
