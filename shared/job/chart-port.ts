/** Where charts are published. A part of ports.ts. */
import type { RepositoryDeclaration } from '../model/declarations.ts';
import type { Snapshot } from '../model/snapshot.ts';

export interface ChartSources {
  /** @throws {ConfigInvalid} for a Repository that holds no charts, or that is not read here. */
  open(repository: RepositoryDeclaration): ChartRepository;
  /**
   * Returns the files of a packed chart, `Chart.yaml` at the root; `subject` is what errors name.
   *
   * @throws {SourceNotFound} when it is damaged, hostile or too large.
   */
  unpack(archive: Uint8Array, subject: string): Promise<Pick<Snapshot, 'list' | 'read'>>;
}

export interface ChartRepository {
  /**
   * Returns the version that `range` means: that very one, or the highest in the range.
   *
   * @throws {SourceNotFound} when there is none; {SourceUnreachable | CredentialsExpired | Throttled}.
   */
  find(name: string, range: string): Promise<FoundChart>;
}

export interface FoundChart {
  /** Exact, as it was published. */
  readonly version: string;
  /** SHA-256 of the archive (hex); undefined: the repository does not say. */
  readonly digest: string | undefined;
  /** Downloads the archive and checks it against the digest. */
  fetch(): Promise<Uint8Array>;
}
