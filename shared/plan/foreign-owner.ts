/** Who else looks after an object: taking over silently would start a fight that nobody sees. Design.md section 6. */
import { FLEET_LABEL, PART_OF_LABEL } from '../config/names.ts';
import { type KubeObject, refOf } from '../model/kube-object.ts';
import { formatRef } from '../model/object-ref.ts';
import type { Problem } from '../model/problem.ts';
import type { FormerOwner } from './former-owners.ts';

type Owner = { readonly adopt: FormerOwner; readonly name: string };

const ARGO_TRACKING_ANNOTATION = 'argocd.argoproj.io/tracking-id';
const INSTANCE_LABEL = 'app.kubernetes.io/instance';
const ARGO_MANAGERS = ['argocd-controller', 'argocd-application-controller'];
const FLUX_LABELS = ['kustomize.toolkit.fluxcd.io', 'helm.toolkit.fluxcd.io'];

/** Returns the conflict when another tool, fleet or ApplySet looks after `live` and `adopt` does not name it. */
export function foreignOwnerOf(
  live: KubeObject,
  ours: {
    readonly fleet: string;
    /** Ids of the ApplySets of this fleet: handing an object from one to another is no conflict. */
    readonly applySetIds: ReadonlySet<string>;
    readonly adopt: readonly FormerOwner[];
  },
): Problem | undefined {
  const owner = ownerOf(live, ours.fleet, ours.applySetIds);
  if (!owner || ours.adopt.includes('any') || ours.adopt.includes(owner.adopt)) return undefined;
  return {
    code: 'FieldConflict',
    subject: formatRef(refOf(live)),
    act: 'take over',
    wrong: `it belongs to ${owner.name}`,
    remedy: `remove it there without deleting it, or take it over by sync.adopt: [${owner.adopt}]`,
  };
}

function ownerOf(live: KubeObject, fleet: string, applySetIds: ReadonlySet<string>): Owner | undefined {
  const { labels = {}, annotations = {}, managedFields = [] } = live.metadata;
  const otherFleet = labels[FLEET_LABEL];
  if (otherFleet !== undefined && otherFleet !== fleet) return { adopt: 'any', name: `fleet ${otherFleet}` };
  // Labels that were copied onto an object of ours keep their old tool's word; our own ApplySet label weighs more.
  const partOf = labels[PART_OF_LABEL];
  if (partOf !== undefined) return applySetIds.has(partOf) ? undefined : { adopt: 'any', name: `ApplySet ${partOf}` };

  for (const prefix of FLUX_LABELS) {
    const name = labels[`${prefix}/name`];
    if (name !== undefined) return { adopt: 'flux', name: `Flux ${labels[`${prefix}/namespace`] ?? '?'}/${name}` };
  }
  const release = annotations['meta.helm.sh/release-name'];
  if (labels['app.kubernetes.io/managed-by'] === 'Helm' && release !== undefined) {
    return { adopt: 'helm', name: `Helm release ${annotations['meta.helm.sh/release-namespace'] ?? '?'}/${release}` };
  }
  const tracking = annotations[ARGO_TRACKING_ANNOTATION];
  if (tracking !== undefined) return { adopt: 'argocd', name: `Argo CD application ${tracking.split(':')[0]}` };
  const instance = labels[INSTANCE_LABEL];
  const appliedByArgo = managedFields.some(({ manager }) => ARGO_MANAGERS.includes(manager));
  return instance !== undefined && appliedByArgo
    ? { adopt: 'argocd', name: `Argo CD application ${instance}` }
    : undefined;
}
