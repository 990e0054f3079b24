/**
 * API servers quote what they refuse: a value of the wrong type, a whole Pod template that may not change. What they say
 * is kept and shown, so the object's own secret values are taken out of it first, in every form in which they are quoted.
 */
import type { ApiRefusal } from '../model/api-refusal.ts';
import { isJsonObject, type Json } from '../model/json.ts';
import { jsonOf } from '../model/kube-json.ts';
import type { KubeObject } from '../model/kube-object.ts';
import { type GroupKind, groupOf } from '../model/object-ref.ts';
import { type FieldNames, isSecretLeaf } from '../model/secret-fields.ts';

const MASK = '***';
/** What is shorter is no secret, and would tear words apart. */
const SHORTEST = 4;

/** Returns the refusal with `***` for each secret value of these objects. */
export function hideSecrets(refusal: ApiRefusal, objects: readonly (KubeObject | undefined)[]): ApiRefusal {
  const hide = hiderOf(objects);
  return {
    ...refusal,
    message: hide(refusal.message),
    causes: refusal.causes.map((cause) => ({ ...cause, message: hide(cause.message) })),
  };
}

/** Returns a text with `***` for each secret value of these objects: programs print what they are given. */
export function hideSecretsIn(text: string, objects: readonly KubeObject[]): string {
  return hiderOf(objects)(text);
}

function hiderOf(objects: readonly (KubeObject | undefined)[]): (text: string) => string {
  const secrets = objects.flatMap((object) => (object === undefined ? [] : secretTextsOf(object)));
  // The longest first: one may be the beginning of another.
  const forms = [...new Set(secrets.flatMap(formsOf))].sort((left, right) => right.length - left.length);
  return (text) => forms.reduce((hidden, form) => hidden.replace(wholeWords(form), MASK), text);
}

/** Values are quoted whole: a password "secret" does not stand in the word "secrets". */
function wholeWords(form: string): RegExp {
  return new RegExp(`(?<=^|[^A-Za-z0-9]|\\\\[nrt])${RegExp.escape(form)}(?![A-Za-z0-9])`, 'g');
}

function secretTextsOf(object: KubeObject): readonly string[] {
  const kind = { group: groupOf(object.apiVersion), kind: object.kind };
  return secretsIn(kind, [], { value: jsonOf(object), isSecret: false });
}

interface Field {
  readonly value: Json;
  /** By what it stands below. */
  readonly isSecret: boolean;
}

function secretsIn(kind: GroupKind, names: FieldNames, { value, isSecret }: Field): readonly string[] {
  const isOwn = isSecret || isSecretLeaf(kind, names, value);
  if (Array.isArray(value)) {
    return value.flatMap((item: Json, index) => {
      const name = isJsonObject(item) && typeof item.name === 'string' ? item.name : String(index);
      return secretsIn(kind, [...names, name], { value: item, isSecret: isOwn });
    });
  }
  if (isJsonObject(value)) {
    return Object.entries(value).flatMap(([name, field]) =>
      secretsIn(kind, [...names, name], { value: field, isSecret: isOwn }),
    );
  }
  if (!isOwn || value === null || typeof value === 'boolean') return [];
  return [String(value)];
}

/** As it is, as JSON and Go quote it, and what is behind base64. */
function formsOf(secret: string): readonly string[] {
  const plain = [secret, ...decoded(secret)].filter((text) => text.trim().length >= SHORTEST);
  return plain.flatMap((text) => {
    const quoted = JSON.stringify(text).slice(1, -1);
    return [text, quoted, escapedForHtml(quoted), ...text.split('\n').filter((line) => line.trim().length >= SHORTEST)];
  });
}

function decoded(secret: string): readonly string[] {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(secret)) return [];
  const text = new TextDecoder().decode(Uint8Array.from(atobOrNothing(secret), (character) => character.charCodeAt(0)));
  return text.includes('\uFFFD') ? [] : [text];
}

function atobOrNothing(text: string): string {
  try {
    return atob(text);
  } catch {
    return '';
  }
}

/** Go's JSON writes these three so. */
function escapedForHtml(text: string): string {
  return text.replaceAll('<', '\\u003c').replaceAll('>', '\\u003e').replaceAll('&', '\\u0026');
}
