/** What the templates of a fleet make, as people would have written it: `plumbline render --declarations`. */
import { selects } from '../model/cluster-selector.ts';
import type { SourceLocation } from '../model/declarations.ts';
import type { Json } from '../model/json.ts';
import type { Problem } from '../model/problem.ts';
import type { Commit } from '../model/revision.ts';
import { locationOf } from '../render/declarations/declaration-document.ts';
import type { FoundApplication } from '../render/declarations/named-application.ts';
import { writeYaml } from '../render/yaml.ts';
import { type ReadDeps, readFleet } from './plan-fleet/read-fleet.ts';

export interface MadeDeclarations {
  readonly commit: Commit;
  readonly made: readonly MadeDeclaration[];
  /** Of the whole, or of the applications asked for. */
  readonly problems: readonly Problem[];
}

export interface MadeDeclaration {
  readonly application: string;
  readonly template: string;
  /** `file tenants/acme.yaml, cluster prod` */
  readonly item: string;
  /** Of the template. */
  readonly location: SourceLocation;
  /** Without defaults; `${cluster...}` that each cluster fills in stands as it is. */
  readonly declaration: Json;
}

/**
 * Returns the Applications that templates make, in their order, and what is wrong with the declarations.
 *
 * @throws {SourceNotFound} when there is no such repository or ref.
 */
export async function readMadeDeclarations(
  deps: ReadDeps,
  target: { readonly ref: string; readonly folder: string; readonly application?: string; readonly cluster?: string },
): Promise<MadeDeclarations> {
  const commit = await deps.sources.fleet.resolve(target.ref);
  const { declarations, made, problems } = await readFleet(deps, commit, target.folder);
  const { application, cluster } = target;
  const only = declarations.clusters.find(({ declaration }) => declaration.metadata.name === cluster)?.declaration;
  const isWanted = ({ name, declaration }: FoundApplication) =>
    (application === undefined || name === application) &&
    (cluster === undefined || (only !== undefined && selects(declaration.spec.clusters, only)));
  const broken = (declarations.broken ?? []).filter(({ name }) => application === undefined || name === application);
  const own = new Set(broken.flatMap((one) => one.problems));
  return {
    commit,
    made: problems.length > 0 ? [] : made.filter(isWanted).flatMap(describe),
    problems: problems.length > 0 ? problems : [...own],
  };
}

function describe({ name, document, madeBy, written }: FoundApplication): readonly MadeDeclaration[] {
  if (madeBy === undefined) return [];
  return [{ application: name, ...madeBy, location: locationOf(document), declaration: written }];
}

/** Returns them as YAML documents, each under a comment that says which template made it, and for what. */
export function printDeclarations(made: readonly MadeDeclaration[]): string {
  return made
    .map(({ template, item, location, declaration }) => {
      const heading = `ApplicationTemplate ${template} (${location.path}:${location.line}): ${item}`;
      return `---\n# ${oneLine(heading)}\n${writeYaml(declaration)}`;
    })
    .join('');
}

/** Names of files may hold line breaks, which would end the comment. */
function oneLine(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, '?');
}
