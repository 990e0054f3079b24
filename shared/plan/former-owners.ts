import type { SyncPolicy } from '../model/sync-policy.ts';

/** A tool whose objects an application takes over: `sync.adopt`. */
export type FormerOwner = SyncPolicy['adopt'][number];

/** The field managers that each tool writes as. */
const MANAGERS_OF: Readonly<Record<Exclude<FormerOwner, 'any'>, RegExp>> = {
  // What was there before the first server-side apply counts as kubectl's (apiserver, "before-first-apply").
  kubectl: /^(kubectl|before-first-apply)/,
  helm: /^helm$/i,
  flux: /^(kustomize-controller|helm-controller|flux)/,
  argocd: /^argocd/,
};
/** Those that work beside whoever declares an object, and go on doing so: what they set is not the former tool's. */
const WORKS_BESIDE = /^(kube-|kubelet$|cloud-controller|system:)|controller|operator|autoscaler|cainjector|webhook/i;

/** Tells whether `manager` is one of the tools that are taken over. */
export function isAdopted(manager: string, adopt: readonly FormerOwner[]): boolean {
  const isNamed = Object.entries(MANAGERS_OF).some(
    ([owner, managers]) => adopt.some((one) => one === owner || one === 'any') && managers.test(manager),
  );
  return isNamed || (adopt.includes('any') && !WORKS_BESIDE.test(manager));
}
