import type { KindRule } from '../kind-rule.ts';
import type { KindRules } from '../rule-for.ts';

const flux: KindRule = {
  suspendedBy: ['spec.suspend'],
  steps: [
    {
      condition: 'Ready',
      is: { True: 'healthy', False: { Progressing: 'progressing', '*': 'degraded' }, '*': 'progressing' },
    },
  ],
};
/** Others come first here: that is an order, no failure. */
const ordered: KindRule = {
  ...flux,
  steps: [{ condition: 'Ready', is: { False: { DependencyNotReady: 'progressing' } } }, ...flux.steps],
};
/** Settings without a controller that reports on them. */
const settings: KindRule = { ...flux, otherwise: 'healthy' };

export const FLUX: KindRules = {
  '*.toolkit.fluxcd.io': flux,
  'Kustomization.kustomize.toolkit.fluxcd.io': ordered,
  'HelmRelease.helm.toolkit.fluxcd.io': ordered,
  'Alert.notification.toolkit.fluxcd.io': settings,
  'Provider.notification.toolkit.fluxcd.io': settings,
  'HelmRepository.source.toolkit.fluxcd.io': {
    ...flux,
    // An OCI registry is asked only when a chart is pulled.
    steps: [{ field: 'spec.type', is: { oci: 'healthy' } }, ...flux.steps],
  },
};
