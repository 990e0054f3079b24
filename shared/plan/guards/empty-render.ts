import type { GuardRefusal } from './guard-refusal.ts';

/** Refuses an application that renders to nothing while it has objects in the cluster, unless it says `allowEmpty`. */
export function refuseEmptyRender(application: {
  readonly name: string;
  readonly allowEmpty: boolean;
  readonly wanted: number;
  /** Objects in the cluster that are provably its own. */
  readonly present: number;
}): GuardRefusal | undefined {
  if (application.wanted > 0 || application.present === 0 || application.allowEmpty) return undefined;
  return {
    guard: 'empty-render',
    application: application.name,
    stopsPrunes: true,
    problem: {
      code: 'GuardRefused',
      subject: `Application ${application.name}`,
      act: 'plan',
      wrong: `it renders to nothing, which would delete its ${application.present} objects`,
      remedy: 'bring the manifests back, or set sync.allowEmpty: true to delete them all',
    },
  };
}
