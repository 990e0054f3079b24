/** One object against the kinds of its cluster. */
import type { Json, JsonObject } from '../model/json.ts';
import type { KubeObject } from '../model/kube-object.ts';
import type { ObjectSchema } from '../model/object-schema.ts';
import { checkMetadata } from './check-metadata.ts';
import { checkParts } from './check-parts.ts';
import type { CheckRules } from './check-rules.ts';
import { type CheckContext, checkValue } from './check-value.ts';
import { describeWithin } from './describe-hidden.ts';
import type { Fault } from './fault.ts';
import { fillDefaults } from './fill-defaults.ts';
import type { KnownKind, KnownKinds } from './known-kinds.ts';

/** Returns what is wrong with `object`; nothing for a kind that is not known. */
export function checkObject(object: KubeObject, kinds: KnownKinds, checkRules?: CheckRules): readonly Fault[] {
  const kind = kinds.find(object.apiVersion, object.kind);
  const faults =
    kind === undefined || kind.from === 'crd-other-version' ? [] : checkKnown(object, kind, kinds, checkRules);
  const shapes = new Set(faults.map(({ path }) => path.slice(0, 2).join('/')));
  // A label that is no text has been told of.
  return [...faults, ...checkMetadata(object).filter(({ path }) => !shapes.has(path.slice(0, 2).join('/')))];
}

type Known = Exclude<KnownKind, { readonly from: 'crd-other-version' }>;

function checkKnown(
  object: KubeObject,
  kind: Known,
  kinds: KnownKinds,
  checkRules: CheckRules | undefined,
): readonly Fault[] {
  const custom = kind.from === 'crd';
  const shared = { resolve: kinds.resolve, custom, partial: false, describe: describeWithin(object) };
  const { kept, schema, dropped } = withoutStatus(asJson(object), kind);
  const filled = custom ? fillDefaults(kept, schema) : kept;
  const faults = [
    ...checkValue(filled, schema, { ...shared, shapeOnly: false }),
    ...(dropped === undefined ? [] : checkDropped(dropped, kind.schema, { ...shared, shapeOnly: true })),
  ];
  if (faults.length > 0) return faults;
  if (!custom) return checkParts(object);
  return checkRules === undefined ? [] : checkRules(filled, schema, object);
}

/** The server drops `status` where it is written apart; it reads it all the same. */
function withoutStatus(
  object: JsonObject,
  kind: Known,
): { readonly kept: JsonObject; readonly schema: ObjectSchema; readonly dropped?: Json } {
  if (kind.from === 'crd' && !kind.hasStatus) return { kept: object, schema: kind.schema };
  const { status, ...kept } = object;
  const { status: _status, ...properties } = kind.schema.properties ?? {};
  const required = kind.schema.required?.filter((name) => name !== 'status');
  const schema = { ...kind.schema, properties, ...(required && { required }) };
  return { kept, schema, ...(status !== undefined && { dropped: status }) };
}

function checkDropped(status: Json, { properties, preserve }: ObjectSchema, context: CheckContext): readonly Fault[] {
  const path = ['status'];
  if (properties?.status !== undefined) return checkValue(status, properties.status, context, path);
  if (preserve) return [];
  return [{ rule: 'unknown-field', path, wrong: 'there is no such field', remedy: 'take it away', atKey: true }];
}

/** Everything but the identity was JSON when it was read. */
function asJson(object: KubeObject): JsonObject {
  const fields = Object.entries(object).map(([name, value]) => [name, value as Json] as const); // metadata is JSON too
  return Object.fromEntries(fields);
}
