import type { SyncPolicy } from '../model/declarations.ts';

/** A tool whose objects an application takes over: `sync.adopt`. */
export type FormerOwner = SyncPolicy['adopt'][number];

/** The field managers that each tool writes as. */
const MANAGERS_OF: Readonly<Record<FormerOwner, RegExp>> = {
  // What was there before the first server-side apply counts as kubectl's (apiserver, "before-first-apply").
  kubectl: /^(kubectl|before-first-apply)/,
  helm: /^helm$/i,
  flux: /^(kustomize-controller|helm-controller|flux)/,
  argocd: /^argocd/,
  any: /^/,
};

/** Tells whether `manager` is one of the tools that are taken over. */
export function isAdopted(manager: string, adopt: readonly FormerOwner[]): boolean {
  return adopt.some((owner) => MANAGERS_OF[owner].test(manager));
}
