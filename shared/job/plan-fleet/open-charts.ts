/**
 * Charts from the Repositories of the fleet, fetched before anything is rendered. An archive is kept as a sealed blob
 * by its digest: it is downloaded once a fleet, however often it is planned and whatever process plans.
 */
import { createHash } from 'node:crypto';
import { PlumblineError } from '../../errors.ts';
import type { Declared, RepositoryDeclaration } from '../../model/declarations.ts';
import { type FileTree, readFileTree } from '../../render/file-tree.ts';
import type { Outside, PackedChart, WantedChart } from '../../render/outside.ts';
import type { ChartSources, FoundChart } from '../chart-port.ts';
import type { BlobStore } from '../ports.ts';
import { chartPlace, findRepository } from './chart-repositories.ts';
import type { FleetSources } from './plan-deps.ts';

export interface ChartDeps {
  readonly sources: Pick<FleetSources, 'charts'>;
  readonly blobs: Pick<BlobStore, 'read' | 'write'>;
}

/** Unpacked, by digest, for the plans of one process: what was collected of a tree is remembered with the tree. */
const unpacked = new WeakMap<ChartSources, Map<string, Promise<FileTree>>>();
const KEPT_CHARTS = 32;

/** Returns the charts that renderings may ask for; each version is looked for once a plan. */
export function openCharts(
  deps: ChartDeps,
  repositories: readonly Declared<RepositoryDeclaration>[],
): Pick<Outside, 'chart' | 'addressOf' | 'unpack'> {
  const declarations = repositories.map(({ declaration }) => declaration);
  const found = new Map<string, Promise<PackedChart>>();
  return {
    chart: (wanted) => {
      const key = JSON.stringify([wanted.repository, wanted.name, wanted.version]);
      const finding = found.get(key) ?? findChart(deps, declarations, wanted);
      found.set(key, finding);
      return finding;
    },
    addressOf: (reference) => {
      if (!/^(@|alias:)/.test(reference)) return undefined;
      return findRepository(declarations, reference)?.address;
    },
    unpack: async ({ id, subject, read }) => {
      const { charts } = deps.sources;
      return charts === undefined ? undefined : unpackOnce(charts, `file ${id}`, read, subject);
    },
  };
}

async function findChart(
  deps: ChartDeps,
  declarations: readonly RepositoryDeclaration[],
  wanted: WantedChart,
): Promise<PackedChart> {
  const { charts } = deps.sources;
  if (charts === undefined) throw new Error('charts are fetched by none of the parts given');
  const place = chartPlace(declarations, wanted);
  const found = await charts.open(place.declaration).find(place.name, wanted.version);
  const { digest, archive } = await fetchOnce(deps, found);
  const subject = `${place.address}/${place.name} ${found.version}`;
  const tree = await unpackOnce(charts, digest, archive, subject);
  return { name: wanted.name, version: found.version, digest, tree };
}

interface Fetched {
  readonly digest: string;
  readonly archive: () => Promise<Uint8Array>;
}

/** Without a digest in the repository it is downloaded each time: under the same version may stand something else. */
async function fetchOnce({ blobs }: ChartDeps, { digest, fetch }: FoundChart): Promise<Fetched> {
  if (digest === undefined) {
    const archive = await fetch();
    return { digest: digestOf(archive), archive: async () => archive };
  }
  const key = `chart/${digest}`;
  const archive = async (): Promise<Uint8Array> => {
    const kept = await blobs.read(key);
    if (kept !== undefined && digestOf(kept) === digest) return kept;
    const fetched = await fetch();
    await blobs.write(key, fetched);
    return fetched;
  };
  return { digest, archive };
}

async function unpackOnce(
  charts: ChartSources,
  digest: string,
  archive: Fetched['archive'],
  subject: string,
): Promise<FileTree> {
  const known = unpacked.get(charts) ?? new Map<string, Promise<FileTree>>();
  unpacked.set(charts, known);
  const unpacking = known.get(digest) ?? unpack(charts, archive, subject);
  known.delete(digest);
  known.set(digest, unpacking);
  for (const oldest of [...known.keys()].slice(0, -KEPT_CHARTS)) known.delete(oldest);
  unpacking.catch(() => known.delete(digest));
  return unpacking;
}

async function unpack(charts: ChartSources, archive: Fetched['archive'], subject: string): Promise<FileTree> {
  const tree = await readFileTree(await charts.unpack(await archive(), subject));
  if ((await tree.resolve('Chart.yaml')).found === 'file') return tree;
  const wrong = 'there is no Chart.yaml in it';
  const remedy = 'publish what "helm package" makes';
  throw new PlumblineError([{ code: 'SourceNotFound', subject, act: 'unpack', wrong, remedy }]);
}

function digestOf(archive: Uint8Array): string {
  return createHash('sha256').update(archive).digest('hex');
}
