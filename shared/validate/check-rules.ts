import type { Json } from '../model/json.ts';
import type { KubeObject } from '../model/kube-object.ts';
import type { ObjectSchema } from '../model/object-schema.ts';
import type { Fault } from './fault.ts';

/** Evaluates `x-kubernetes-validations` over an object that is otherwise as its schema wants it. */
export type CheckRules = (value: Json, schema: ObjectSchema, object: KubeObject) => readonly Fault[];
