/**
 * Names, labels and annotations, which all kinds have and the server checks alike. Rules for names of single kinds are
 * not here: they differ by kind and by version.
 * Source: apimachinery v0.36, pkg/api/validation/objectmeta.go and pkg/util/validation.
 */
import type { KubeObject } from '../model/kube-object.ts';
import type { Fault, FieldPath } from './fault.ts';

const LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const WORD = /^[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$/;
const LONGEST_ANNOTATIONS = 256 * 1024;

/** Kinds whose names may have capitals, colons and the like: they are nothing but a segment of a path. */
const PATH_NAMES = /^(rbac\.authorization\.k8s\.io\/|internal\.apiserver)/;

export function checkMetadata({ apiVersion, metadata }: KubeObject): readonly Fault[] {
  const { name, namespace, labels = {}, annotations = {} } = metadata;
  const path = (...steps: readonly string[]): FieldPath => ['metadata', ...steps];
  const faults: Fault[] = [];
  const add = (at: FieldPath, wrong: string, remedy: string, atKey = false) =>
    faults.push({ rule: 'wrong-metadata', path: at, wrong, remedy, ...(atKey && { atKey }) });
  if (!isName(name, apiVersion)) add(path('name'), `${quote(name)} is no name`, NAME_REMEDY);
  if (namespace !== undefined && namespace !== '' && !(LABEL.test(namespace) && namespace.length <= 63))
    add(path('namespace'), `${quote(namespace)} is no name of a namespace`, LABEL_REMEDY);
  for (const [key, value] of Object.entries(labels)) {
    if (!isQualified(key)) add(path('labels', key), `${quote(key)} is no name of a label`, KEY_REMEDY, true);
    else if (value !== '' && !(WORD.test(value) && value.length <= 63))
      add(path('labels', key), `${quote(value)} is no value of a label`, VALUE_REMEDY);
  }
  for (const key of Object.keys(annotations)) {
    if (!isQualified(key.toLowerCase()))
      add(path('annotations', key), `${quote(key)} is no name of an annotation`, KEY_REMEDY, true);
  }
  const size = Object.entries(annotations).reduce((sum, [key, value]) => sum + key.length + value.length, 0);
  if (size > LONGEST_ANNOTATIONS)
    add(path('annotations'), `together they have ${size} characters`, `bring them below ${LONGEST_ANNOTATIONS}`);
  return faults;
}

const NAME_REMEDY = 'use at most 253 lower-case letters, digits, "-" and "."; begin and end with a letter or digit';
const LABEL_REMEDY = 'use at most 63 lower-case letters, digits and "-"; begin and end with a letter or digit';
const KEY_REMEDY = 'use at most 63 letters, digits, "-", "_" and ".", with or without "domain/" before them';
const VALUE_REMEDY = 'use at most 63 letters, digits, "-", "_" and "."; begin and end with a letter or digit';

function isName(name: string, apiVersion: string): boolean {
  if (name === '.' || name === '..' || /[/%]/.test(name)) return false;
  return PATH_NAMES.test(apiVersion) || (SUBDOMAIN.test(name) && name.length <= 253);
}

function isQualified(key: string): boolean {
  const slash = key.indexOf('/');
  const prefix = slash < 0 ? undefined : key.slice(0, slash);
  const name = key.slice(slash + 1);
  const isPrefix = prefix === undefined || (SUBDOMAIN.test(prefix) && prefix.length <= 253);
  return isPrefix && WORD.test(name) && name.length <= 63;
}

function quote(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}...` : text);
}
