/**
 * Which Repository of the fleet a chart comes from: the one that is named (`@name`, `alias:name`, as helm has it), or
 * the one that has the address. A chart alone can make nobody call anywhere: its files may come from people who must not
 * choose addresses.
 */
import { PlumblineError } from '../../errors.ts';
import type { RepositoryDeclaration } from '../../model/declarations.ts';
import type { WantedChart } from '../../render/outside.ts';

export interface ChartPlace {
  readonly declaration: RepositoryDeclaration;
  readonly address: string;
  /** Of the chart, from the Repository's address: a Repository of a registry holds what is below it too. */
  readonly name: string;
}

/** Returns the Repository for a chart. @throws {ConfigInvalid} that says what to declare. */
export function chartPlace(
  declarations: readonly RepositoryDeclaration[],
  { repository, name }: Pick<WantedChart, 'repository' | 'name'>,
): ChartPlace {
  const found = findRepository(declarations, repository);
  if (found !== undefined) return { ...found, name: found.below === '' ? name : `${found.below}/${name}` };
  const wanted = /^(?:@|alias:)(.*)$/.exec(repository)?.[1];
  if (wanted === undefined) throw undeclared(repository);
  const other = declarations.find(({ metadata }) => metadata.name === wanted);
  throw other === undefined ? unnamed(wanted) : noCharts(wanted, other);
}

interface FoundRepository {
  readonly declaration: RepositoryDeclaration;
  readonly address: string;
  /** What the reference names below the address; '' for the address itself. */
  readonly below: string;
}

/** Returns the Repository with charts that `reference` means; of several the one with the longest address. */
export function findRepository(
  declarations: readonly RepositoryDeclaration[],
  reference: string,
): FoundRepository | undefined {
  const named = /^(?:@|alias:)(.*)$/.exec(reference)?.[1];
  const wanted = normal(reference);
  return declarations
    .flatMap((declaration): readonly FoundRepository[] => {
      const address = addressOf(declaration);
      if (address === undefined) return [];
      if (named !== undefined) return declaration.metadata.name === named ? [{ declaration, address, below: '' }] : [];
      const own = normal(address);
      if (wanted === own) return [{ declaration, address, below: '' }];
      const isBelow = own.startsWith('oci://') && wanted.startsWith(`${own}/`);
      return isBelow ? [{ declaration, address, below: wanted.slice(own.length + 1) }] : [];
    })
    .toSorted((a, b) => b.address.length - a.address.length)[0];
}

function addressOf({ spec }: RepositoryDeclaration): string | undefined {
  return (spec.helm?.url ?? spec.oci?.url)?.replace(/\/+$/, '');
}

/** Scheme and host in lower case, no slash at the end. */
function normal(address: string): string {
  const [, origin = '', path = ''] = /^([a-z]+:\/\/[^/?#]*)?(.*)$/is.exec(address.trim()) ?? [];
  return `${origin.toLowerCase()}${path.replace(/\/+$/, '')}`;
}

function undeclared(address: string): PlumblineError {
  if (!/^(https?|oci):\/\//.test(address)) {
    const remedy = 'vendor the chart ("helm dependency build"), or publish it by https or in a registry';
    return invalid(JSON.stringify(address), 'charts are not fetched from such an address', remedy);
  }
  const kind = address.startsWith('oci://') ? 'oci' : 'helm';
  const declaration = `{apiVersion: plumbline.dev/v1, kind: Repository, metadata: {name: charts}, spec: {${kind}: {url: ${JSON.stringify(address)}}}}`;
  const wrong = 'no Repository of the fleet has this address';
  return invalid(address, wrong, `declare it: ${declaration}`);
}

function unnamed(name: string): PlumblineError {
  const remedy = 'declare it with spec.helm or spec.oci, or correct the name';
  return invalid(`Repository ${name}`, 'there is no such Repository', remedy);
}

function noCharts(name: string, { spec }: RepositoryDeclaration): PlumblineError {
  const wrong = `it is of the kind "${Object.keys(spec)[0]}", which holds no charts by name`;
  return invalid(
    `Repository ${name}`,
    wrong,
    'name one of the kind "helm" or "oci", or give a path instead of a chart',
  );
}

function invalid(subject: string, wrong: string, remedy: string): PlumblineError {
  return new PlumblineError([{ code: 'ConfigInvalid', subject, act: 'look for a chart', wrong, remedy }]);
}
