/**
 * Which fields hold what must never be shown: values of Secrets, the copies of whole objects that tools leave in
 * annotations, environment variables and ConfigMap keys whose name speaks of a secret, and URLs with a password in them.
 */
import type { Json } from './json.ts';
import type { GroupKind } from './object-ref.ts';

/** The names on the way to a field: `['spec', 'containers', 'app', 'env', 'TOKEN', 'value']`. */
export type FieldNames = readonly string[];

/** They hold the object as it was applied, Secret values included. */
const COPIES_OF_OBJECTS: ReadonlySet<string> = new Set([
  'kubectl.kubernetes.io/last-applied-configuration',
  'kapp.k14s.io/original',
]);
const SECRET_NAME = /token|passw|pwd|passphrase|secret|credential|auth(?!or)|dsn|connection.?string|keys?(?![a-z])/i;
const PASSWORD_IN_URL = /:\/\/[^\s/:@]*:[^\s/@]+@/;
const PASSWORDS_IN_URLS = /(:\/\/[^\s/:@]*:)[^\s/@]+@/g;

/** Tells whether the whole field is secret whatever its value. */
export function isSecretField(kind: GroupKind, names: FieldNames): boolean {
  const [first, second] = names;
  if (isSecretKind(kind) && (first === 'data' || first === 'stringData')) return true;
  if (names.at(-2) === 'annotations') return holdsCopyOfObject(names.at(-1) ?? '');
  const isConfigMap = kind.group === '' && kind.kind === 'ConfigMap';
  if (isConfigMap && (first === 'data' || first === 'binaryData')) return SECRET_NAME.test(second ?? '');
  return names.at(-1) === 'value' && names.at(-3) === 'env' && SECRET_NAME.test(names.at(-2) ?? '');
}

function isSecretKind({ group, kind }: GroupKind): boolean {
  return group === '' && kind === 'Secret';
}

/** Tells whether a value that is no map and no list is secret, by where it stands or by what it is. */
export function isSecretLeaf(kind: GroupKind, names: FieldNames, value: Json): boolean {
  return isSecretField(kind, names) || (typeof value === 'string' && hasPassword(value));
}

/** Tells an annotation that holds the object as it was applied. */
export function holdsCopyOfObject(annotation: string): boolean {
  return COPIES_OF_OBJECTS.has(annotation);
}

/** Tells a URL with a password in it. */
export function hasPassword(text: string): boolean {
  return PASSWORD_IN_URL.test(text);
}

/** Returns `text` with `***` for the password of each URL in it. */
export function hidePasswords(text: string): string {
  return text.replace(PASSWORDS_IN_URLS, '$1***@');
}
