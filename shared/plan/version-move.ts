/**
 * Before a CRD loses a version, its objects are applied in the new one: what we own is remembered in the version that
 * it was applied in, and the API server forgets the entries of a version that is gone. A field dropped from Git would
 * then stay for ever, for nobody would own it. Design.md section 5, "known traps".
 */
import type { Change } from '../model/change.ts';
import { isJsonObject } from '../model/json.ts';
import { jsonOf } from '../model/kube-json.ts';
import type { KubeObject } from '../model/kube-object.ts';
import { formatGroupKind, type GroupKind, versionOf } from '../model/object-ref.ts';
import { applyEntryOf } from './fields-v1.ts';
import { VERSION_MOVE_WAVE } from './order.ts';

/**
 * Returns the changes with those moved before all others that must be applied while the cluster still serves the old
 * version. `servedVersions` is what the cluster serves now: an object whose new version is not there yet has to wait
 * for its CRD like any other.
 */
export function moveBeforeVersionGoes(
  changes: readonly Change[],
  servedVersions: (kind: GroupKind) => readonly string[],
  fieldManager: string,
): readonly Change[] {
  const versionsByKind = new Map(changes.flatMap(versionsToBe));
  if (versionsByKind.size === 0) return changes;
  return changes.map((change) => {
    if (change.op !== 'update' || !change.live) return change;
    const versions = versionsByKind.get(formatGroupKind(change.ref));
    const appliedIn = applyEntryOf(change.live, fieldManager)?.apiVersion;
    if (!versions || appliedIn === undefined || versions.has(versionOf(appliedIn))) return change;
    const isServed = servedVersions(change.ref).includes(versionOf(change.desired.apiVersion));
    return isServed ? { ...change, wave: VERSION_MOVE_WAVE } : change;
  });
}

/** The versions that a CRD which changes will have, by what it defines. */
function versionsToBe(change: Change): readonly (readonly [string, ReadonlySet<string>])[] {
  const isCrd = formatGroupKind(change.ref) === 'CustomResourceDefinition.apiextensions.k8s.io';
  return isCrd && change.op === 'update' ? definedBy(change.desired) : [];
}

function definedBy(crd: KubeObject): readonly (readonly [string, ReadonlySet<string>])[] {
  const { spec } = jsonOf(crd);
  if (!isJsonObject(spec) || !isJsonObject(spec.names) || !Array.isArray(spec.versions)) return [];
  const { names, group, versions } = spec;
  if (typeof names.kind !== 'string' || typeof group !== 'string') return [];
  const kept = versions.flatMap((version) =>
    isJsonObject(version) && typeof version.name === 'string' ? [version.name] : [],
  );
  return [[formatGroupKind({ group, kind: names.kind }), new Set(kept)]];
}
