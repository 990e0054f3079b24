/**
 * What an object of one kind may look like: the same form for kinds that Kubernetes brings along and for those of a CRD.
 * A subset of OpenAPI v3 with the words of Kubernetes, without descriptions.
 */
import type { Json } from './json.ts';

export interface ObjectSchema {
  readonly type?: 'object' | 'array' | 'string' | 'integer' | 'number' | 'boolean';
  /** Of OpenAPI, and `quantity`, `int-or-string`. */
  readonly format?: string;
  readonly properties?: Readonly<Record<string, SchemaOrRef>>;
  /** Of fields that `properties` does not name; absent: there are none. */
  readonly additionalProperties?: SchemaOrRef;
  readonly items?: SchemaOrRef;
  readonly required?: readonly string[];
  readonly enum?: readonly Json[];
  readonly default?: Json;
  /** Fields that nothing names are taken as they are. */
  readonly preserve?: true;
  /** An object of its own: apiVersion, kind and metadata. */
  readonly embedded?: true;
  readonly nullable?: true;
  /** Entries of the list are told apart by these fields, and none may stand twice. */
  readonly keys?: readonly string[];
  /** No entry of the list may stand twice. */
  readonly isSet?: true;
  readonly limits?: SchemaLimits;
  readonly rules?: readonly SchemaRule[];
}

/** A schema of the same release, by its place in the table. */
export interface SchemaRef {
  readonly $ref: number;
}

/** The metadata of any object, as the release of the cluster has it; of its own place in no table. */
export const OBJECT_META: SchemaRef = { $ref: -1 };

export type SchemaOrRef = ObjectSchema | SchemaRef;

/** Words of JSON Schema that only CRDs use. */
export interface SchemaLimits {
  readonly minimum?: number;
  readonly exclusiveMinimum?: boolean;
  readonly maximum?: number;
  readonly exclusiveMaximum?: boolean;
  readonly multipleOf?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minProperties?: number;
  readonly maxProperties?: number;
  readonly allOf?: readonly ObjectSchema[];
  readonly anyOf?: readonly ObjectSchema[];
  readonly oneOf?: readonly ObjectSchema[];
  readonly not?: ObjectSchema;
}

/** An entry of `x-kubernetes-validations`. */
export interface SchemaRule {
  readonly rule: string;
  readonly message?: string;
  readonly messageExpression?: string;
  /** Where the fault is shown, below the value: `.spec.replicas`. */
  readonly fieldPath?: string;
}
