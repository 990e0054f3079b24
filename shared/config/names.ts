/** Every name that stands in clusters or in the environment: labels, annotations, variables. Imported by infra too. */

export const TOOLING = 'plumbline/v1';

/** Label on every object that we apply: the fleet's name. */
export const FLEET_LABEL = 'plumbline.dev/fleet';
/** Annotation on every object that we apply: keyed digest (HMAC) of what was rendered. */
export const APPLIED_ANNOTATION = 'plumbline.dev/applied';
/** Integer; lower waves are applied first. Default 0. */
export const SYNC_WAVE_ANNOTATION = 'plumbline.dev/sync-wave';
/** `false`: never delete this object. */
export const PRUNE_ANNOTATION = 'plumbline.dev/prune';

/** Label of an ApplySet member (KEP-3659); the code of kubectl says kubernetes.io where the KEP's prose says k8s.io. */
export const PART_OF_LABEL = 'applyset.kubernetes.io/part-of';
export const APPLYSET_ID_LABEL = 'applyset.kubernetes.io/id';
export const APPLYSET_TOOLING_ANNOTATION = 'applyset.kubernetes.io/tooling';
export const APPLYSET_KINDS_ANNOTATION = 'applyset.kubernetes.io/contains-group-kinds';
export const APPLYSET_NAMESPACES_ANNOTATION = 'applyset.kubernetes.io/additional-namespaces';

/** Label of an ApplySet parent: the application's name. */
export const APPLICATION_LABEL = 'plumbline.dev/application';

/** Where the anchor and the ApplySet parents stand. */
export const SYSTEM_NAMESPACE = 'plumbline-system';

/** Returns the field manager of a fleet; also the name of its anchor. */
export function fieldManagerOf(fleet: string): string {
  return `plumbline-${fleet}`;
}
