import type { KindRule } from '../kind-rule.ts';
import type { KindRules } from '../rule-for.ts';

const ready: KindRule = {
  steps: [
    { condition: 'Ready', is: { True: 'healthy', False: 'degraded' } },
    { condition: 'NotReady', is: { True: 'degraded' } },
  ],
};
const certificate: KindRule = {
  steps: [
    // A renewal goes on while the certificate serves.
    { condition: 'Ready', is: { True: 'healthy' } },
    { condition: 'Issuing', is: { True: 'progressing' } },
    {
      condition: 'Ready',
      is: {
        False: { DoesNotExist: 'progressing', Pending: 'progressing', InProgress: 'progressing', '*': 'degraded' },
      },
    },
  ],
};

/** Secrets and certificates that come from elsewhere. */
export const SECRETS: KindRules = {
  '*.external-secrets.io': ready,
  'ExternalSecret.kubernetes-client.io': {
    steps: [{ field: 'status.status', is: { SUCCESS: 'healthy', 'ERROR*': 'degraded' } }],
  },
  'SealedSecret.bitnami.com': { steps: [{ condition: 'Synced', is: { True: 'healthy', False: 'degraded' } }] },
  'OnePasswordItem.onepassword.com': ready,
  'Certificate.cert-manager.io': certificate,
  'Certificate.certmanager.k8s.io': certificate,
  'Issuer.cert-manager.io': ready,
  'ClusterIssuer.cert-manager.io': ready,
  'Issuer.certmanager.k8s.io': ready,
  'ClusterIssuer.certmanager.k8s.io': ready,
};
