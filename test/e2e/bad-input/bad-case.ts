import type { ErrorCode } from '../../../shared/model/problem.ts';
import type { FileChanges } from '../../contract/source-repository.ts';

export interface BadCase {
  /** Ends the sentence "refuses ...". */
  readonly name: string;
  /** How the application `web` is made up before and after, where it is not a folder of two ConfigMaps. */
  readonly web?: (value: string) => FileChanges;
  /** The mistake, in a commit that changes both applications. */
  readonly bad: FileChanges;
  readonly code: ErrorCode;
  /** The one problem that people are shown, without its code; `NAMESPACE` stands for the lab's own. */
  readonly says: string;
  /**
   * `fleet`: the commit is refused as a whole. `application`: `web` stays as it was, `other` changes. `both`: both stay.
   * `object`: one object of `web` is refused, and its neighbours change.
   */
  readonly holds: 'fleet' | 'both' | 'application' | 'object';
}
