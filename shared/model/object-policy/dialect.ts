import type { KubeObject } from '../kube-object.ts';
import type { ObjectPolicy } from '../object-policy.ts';

/** One part of a policy as an annotation sets it. */
export interface PolicyWord {
  readonly part: { readonly [K in keyof ObjectPolicy]?: ObjectPolicy[K] };
  /** As it stands in the object: `plumbline.dev/prune: "false"`. */
  readonly annotation: string;
}

export type DialectReading =
  | { readonly ok: true; readonly words: readonly PolicyWord[] }
  | { readonly ok: false; readonly wrong: string; readonly remedy: string };

/** Returns what one tool's annotations on `object` say; nothing where it has none of them. */
export type Dialect = (object: KubeObject) => DialectReading;
