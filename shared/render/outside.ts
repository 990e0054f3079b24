/**
 * What a rendering needs that its repository does not have. It is fetched before anything is rendered, by whoever plans,
 * and only from repositories that the fleet declares: a repository alone can make nobody call anywhere.
 */
import { PlumblineError } from '../errors.ts';
import type { FileTree } from './file-tree.ts';

export interface Outside {
  /** @throws {PlumblineError} ConfigInvalid when no Repository of the fleet has this address, SourceNotFound. */
  base(wanted: WantedBase): Promise<FileTree>;
  /** @throws {PlumblineError} ConfigInvalid when no Repository of the fleet has this address, SourceNotFound. */
  chart(wanted: WantedChart): Promise<PackedChart>;
  /** Returns the address of the Repository that `@name` or `alias:name` means; undefined: it is neither, or not known. */
  addressOf(repository: string): string | undefined;
  /**
   * Returns what a packed chart holds, `Chart.yaml` at the root; undefined: nobody can unpack here.
   *
   * @throws {PlumblineError} SourceNotFound when it is damaged, too large or no chart.
   */
  unpack(packed: PackedFile): Promise<FileTree | undefined>;
}

export interface PackedFile {
  /** Equal for equal content. */
  readonly id: string;
  /** For errors: its path. */
  readonly subject: string;
  readonly read: () => Promise<Uint8Array>;
}

export interface WantedBase {
  /** As it stands in a kustomization, without `//path` and `?ref=`. */
  readonly url: string;
  /** Full commit id. */
  readonly revision: string;
}

export interface WantedChart {
  /** As it stands in a Chart.yaml: `https://...`, `oci://...`, `@name` or `alias:name` of a Repository. */
  readonly repository: string;
  readonly name: string;
  /** Exact, or a range: of several the highest counts. */
  readonly version: string;
}

export interface PackedChart {
  readonly name: string;
  /** Exact. */
  readonly version: string;
  /** SHA-256 of the archive (hex), checked against what its repository says. */
  readonly digest: string;
  /** Unpacked: `Chart.yaml` stands at the root. */
  readonly tree: FileTree;
}

/** For whoever has no network: everything outside is refused. */
export const NOTHING_OUTSIDE: Outside = {
  base: async ({ url }) => {
    throw refusal(url);
  },
  chart: async ({ repository }) => {
    throw refusal(repository);
  },
  addressOf: () => undefined,
  unpack: async () => undefined,
};

function refusal(address: string): PlumblineError {
  const wrong = 'nothing is fetched here';
  const remedy = 'commit what it holds into the repository';
  return new PlumblineError([{ code: 'SourceNotFound', subject: address, act: 'fetch', wrong, remedy }]);
}
