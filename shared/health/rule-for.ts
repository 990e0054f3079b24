import type { GroupKind } from '../model/object-ref.ts';
import { formatGroupKind } from '../model/object-ref.ts';
import type { KindRule, Reading } from './kind-rule.ts';
import { ARGO } from './kinds/argo.ts';
import { AUTOSCALING } from './kinds/autoscaling.ts';
import { BATCH_WORK } from './kinds/batch-work.ts';
import { BUILT_IN } from './kinds/built-in.ts';
import { CLOUDS } from './kinds/clouds.ts';
import { CLUSTER_API } from './kinds/cluster-api.ts';
import { DATABASES } from './kinds/databases.ts';
import { ELASTIC } from './kinds/elastic.ts';
import { FLUX } from './kinds/flux.ts';
import { GATEWAY_API } from './kinds/gateway-api.ts';
import { GLOO } from './kinds/gloo.ts';
import { KAFKA } from './kinds/kafka.ts';
import { KARMADA } from './kinds/karmada.ts';
import { KRUISE } from './kinds/kruise.ts';
import { MACHINES } from './kinds/machines.ts';
import { MONITORING } from './kinds/monitoring.ts';
import { NETWORKING } from './kinds/networking.ts';
import { NUMAPROJ } from './kinds/numaproj.ts';
import { OPENSHIFT } from './kinds/openshift.ts';
import { POLICIES } from './kinds/policies.ts';
import { PROMOTER } from './kinds/promoter.ts';
import { SCALING } from './kinds/scaling.ts';
import { SECRETS } from './kinds/secrets.ts';
import { SERVING } from './kinds/serving.ts';
import { STORAGE } from './kinds/storage.ts';
import { THREE_SCALE } from './kinds/three-scale.ts';

/** By `Kind.group`; `*` in place of the kind stands for all of the group, in place of the group's beginning for all that end so. */
export type KindRules = Readonly<Record<string, KindRule | Reading>>;

const RULES: ReadonlyMap<string, KindRule | Reading> = new Map(
  Object.entries({
    ...ARGO,
    ...AUTOSCALING,
    ...BATCH_WORK,
    ...BUILT_IN,
    ...CLOUDS,
    ...CLUSTER_API,
    ...DATABASES,
    ...ELASTIC,
    ...FLUX,
    ...GATEWAY_API,
    ...GLOO,
    ...KAFKA,
    ...KARMADA,
    ...KRUISE,
    ...MACHINES,
    ...MONITORING,
    ...NETWORKING,
    ...NUMAPROJ,
    ...OPENSHIFT,
    ...POLICIES,
    ...PROMOTER,
    ...SCALING,
    ...SECRETS,
    ...SERVING,
    ...STORAGE,
    ...THREE_SCALE,
  }),
);

/** Returns the rule for a kind: its own before its group's before that of a family of groups; undefined: none is known. */
export function ruleFor(kind: GroupKind): KindRule | Reading | undefined {
  const own = RULES.get(formatGroupKind(kind)) ?? RULES.get(`*.${kind.group}`);
  if (own !== undefined || kind.group === '') return own;
  const parts = kind.group.split('.');
  for (let from = 1; from < parts.length; from++) {
    const ending = parts.slice(from).join('.');
    const found = RULES.get(`${kind.kind}.*.${ending}`) ?? RULES.get(`*.${ending}`);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Keys of `KindRules`. */
export const KNOWN_KINDS: readonly string[] = [...RULES.keys()];
