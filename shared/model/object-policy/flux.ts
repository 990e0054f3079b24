/**
 * Annotations of Flux's kustomize-controller (fluxcd.io/flux/components/kustomize/kustomizations, "Controlling the apply
 * behavior of resources"); it reads labels of these names too, in any case (fluxcd/pkg ssa/utils, AnyInMetadata).
 */
import type { Dialect, Meaning, PolicyPart } from './dialect.ts';

const PREFIX = 'kustomize.toolkit.fluxcd.io/';

export const FLUX: Dialect = {
  tool: 'Flux',
  isCaseless: true,
  inLabels: true,
  annotations: [
    {
      name: `${PREFIX}prune`,
      meanings: [
        fixed('disabled', 'Stays when it leaves the repository, and when its application does.', {
          prune: 'no',
          removal: 'no',
        }),
        fixed('enabled', 'Goes when it leaves the repository. Default.', { prune: 'yes' }),
      ],
    },
    {
      name: `${PREFIX}reconcile`,
      meanings: [
        fixed('disabled', 'Neither made, changed nor deleted.', { apply: 'ignore' }),
        fixed('enabled', 'Nothing: so are all objects.'),
      ],
    },
    {
      name: `${PREFIX}ssa`,
      meanings: [
        fixed('Override', 'The declared fields are ours. Default.', { apply: 'apply' }),
        fixed('Merge', 'What other tools add to it is never taken away.', { apply: 'merge' }),
        fixed('IfNotPresent', 'Made where it is missing, and never changed after that.', { apply: 'create-only' }),
        fixed('Ignore', 'Neither made, changed nor deleted.', { apply: 'ignore' }),
      ],
    },
    {
      name: `${PREFIX}force`,
      meanings: [
        fixed('enabled', 'Deleted and made anew where a field must change that cannot be changed.', { replace: true }),
        fixed('disabled', 'Never deleted for a change. Default.', { replace: false }),
      ],
    },
    {
      name: `${PREFIX}substitute`,
      meanings: [
        fixed('disabled', 'Its variables are left as they are, also where render.substitute asks for them.'),
        fixed('enabled', 'Its variables are filled in where render.substitute asks for it. Default.'),
      ],
    },
  ],
};

function fixed(value: string, effect: string, part: PolicyPart = {}): Meaning {
  return { value, effect, part };
}
