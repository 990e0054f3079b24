import type { MadeBy } from '../model/declarations.ts';
import type { Drift } from '../model/drift.ts';
import type { HealthVerdict, SyncStatus } from '../model/health.ts';
import type { Phase } from '../model/object-policy.ts';
import type { ObjectRef } from '../model/object-ref.ts';
import type { Problem } from '../model/problem.ts';
import type { Commit } from '../model/revision.ts';
import type { FieldManager } from './field-managers.ts';

/** One object in one cluster, the whole story: the input of the `explain` report. */
export interface ExplainedObject {
  readonly ref: ObjectRef;
  readonly cluster: string;
  /** Undefined: no application of the fleet declares it. */
  readonly application?: string;
  /** The template that made the application; absent: it is written as it is. */
  readonly madeBy?: MadeBy;
  /** Who else looks after it, as a sentence: `it belongs to Helm release web/nginx`. */
  readonly owner?: string;
  /** The file that declares it, in the fleet repository. */
  readonly source?: { readonly path: string; readonly line?: number };
  /** The newest commit that changed that file. */
  readonly lastChange?: Commit;
  /** The last run that touched it. */
  readonly run?: { readonly run: string; readonly endedAtMs: number; readonly result: string };
  /** The phase that it is run in as a hook; absent: it is an ordinary object. */
  readonly hook?: Phase;
  readonly sync: SyncStatus;
  readonly health: HealthVerdict;
  readonly managers: readonly FieldManager[];
  readonly drift?: Drift;
  /** Why it was not brought in: `waits for application db (...)`; absent: it does not wait. */
  readonly waits?: string;
  readonly problems: readonly Problem[];
  /** What the API server warned of when it was applied; absent: nothing. */
  readonly warnings?: readonly string[];
  /** Applications whose `dependsOn` names this one's. */
  readonly dependants: readonly string[];
}
