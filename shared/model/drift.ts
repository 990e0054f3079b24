import type { Json } from './json.ts';
import type { ObjectRef } from './object-ref.ts';

/** One field of ours that someone changed. Values of Secrets are masked before they leave `shared/report`. */
export interface DriftedField {
  /** For people: `spec.template.spec.containers[app].image`. */
  readonly path: string;
  /** JSON pointer of the same field in the live object, or in the rendered one when it is gone from the live one. */
  readonly pointer: string;
  /** Where the rendered object has it at another position: the pointer there, which `ignore` rules are written by. */
  readonly declared?: string;
  /** What Git says; undefined: not a leaf we can show. */
  readonly wanted?: Json;
  /** What the cluster has; undefined: the field is gone. */
  readonly found?: Json;
  /** Who holds the field now; undefined when nobody does (it was removed). */
  readonly manager?: string;
  readonly operation?: 'Apply' | 'Update';
  /** RFC 3339. */
  readonly since?: string;
}

/** The live object differs from what we applied although Git did not change. */
export interface Drift {
  readonly ref: ObjectRef;
  readonly application: string;
  /** `changed`: fields; `deleted`: the object is gone; `disowned`: our ownership entry is gone; `terminating`: someone deletes it; `extra`: additions by others. */
  readonly kind: 'changed' | 'deleted' | 'disowned' | 'terminating' | 'extra';
  readonly fields: readonly DriftedField[];
}
