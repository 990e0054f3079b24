/**
 * Annotations of cli-utils, which kpt, Config Sync and `kubectl` plugins go by (kubernetes-sigs/cli-utils,
 * pkg/common/common.go and pkg/object/dependson).
 */
import type { Dialect, PolicyPart } from './dialect.ts';

export const KPT: Dialect = {
  tool: 'kubectl, kpt and Config Sync (cli-utils)',
  annotations: [
    {
      name: 'config.kubernetes.io/depends-on',
      isList: true,
      meanings: [
        {
          form: '"<group>/namespaces/<namespace>/<kind>/<name>", or "<group>/<kind>/<name>" for what has no namespace; the core group is empty',
          example: 'apps/namespaces/web/Deployment/api',
          effect: 'That object is applied and healthy first; it goes later.',
          read: dependency,
        },
      ],
    },
    {
      name: 'cli-utils.sigs.k8s.io/on-remove',
      meanings: [
        {
          value: 'keep',
          effect: 'Stays when it leaves the repository, and when its application does.',
          part: { prune: 'no', removal: 'no' },
        },
      ],
    },
    {
      name: 'client.lifecycle.config.k8s.io/deletion',
      meanings: [
        {
          value: 'detach',
          effect: 'Stays when it leaves the repository, and when its application does.',
          part: { prune: 'no', removal: 'no' },
        },
      ],
    },
    {
      name: 'client.lifecycle.config.k8s.io/mutation',
      meanings: [
        {
          value: 'ignore',
          effect: 'Made where it is missing, and never changed after that.',
          part: { apply: 'create-only' },
        },
      ],
    },
  ],
};

function dependency(value: string): PolicyPart | undefined {
  const match =
    /^(?<group>[a-z0-9.-]*)(\/namespaces\/(?<namespace>[^/\s]+))?\/(?<kind>[A-Z][A-Za-z0-9]*)\/(?<name>[^/\s]+)$/.exec(
      value,
    )?.groups;
  if (match === undefined) return undefined;
  const { group = '', namespace = '', kind = '', name = '' } = match;
  return { dependsOn: [{ group, kind, namespace, name }] };
}
