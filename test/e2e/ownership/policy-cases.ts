/** Mutating admission policies: bound to the namespace of the one case by a label that it is given. */
import { randomBytes } from 'node:crypto';
import type { KubeObject } from '../../../shared/model/kube-object.ts';
import { eventually } from '../../controlplane/eventually.ts';
import { applyAsOurselves, type OwnershipCase, STILL } from './case.ts';
import type { ForeignClient } from './foreign-client.ts';

const GROUP = 'admissionregistration.k8s.io/v1';

function configMap(): KubeObject {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'flags' }, data: { alpha: 'on', beta: 'off' } };
}

/** Sets `data.beta` on every write of a ConfigMap named flags in namespaces with the label. */
function policy(name: string): readonly KubeObject[] {
  const expression = 'Object{data: {"beta": "by policy"}}';
  return [
    {
      apiVersion: GROUP,
      kind: 'MutatingAdmissionPolicy',
      metadata: { name },
      spec: {
        failurePolicy: 'Fail',
        reinvocationPolicy: 'Never',
        matchConstraints: {
          namespaceSelector: { matchLabels: { [name]: 'yes' } },
          resourceRules: [
            { apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE', 'UPDATE'], resources: ['configmaps'] },
          ],
        },
        matchConditions: [{ name: 'flags', expression: 'object.metadata.name == "flags"' }],
        mutations: [{ patchType: 'ApplyConfiguration', applyConfiguration: { expression } }],
      },
    },
    { apiVersion: GROUP, kind: 'MutatingAdmissionPolicyBinding', metadata: { name }, spec: { policyName: name } },
  ];
}

/** Returns once the policy is in force in the namespace, which is a moment after it was written; a dry run tells. */
async function bind(others: ForeignClient, name: string, namespace: string): Promise<void> {
  for (const object of policy(name)) await others.create(object, { manager: 'platform' });
  const place = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } };
  await others.patch(place, 'merge', { metadata: { labels: { [name]: 'yes' } } }, { manager: 'platform' });
  const probe = { ...configMap(), metadata: { name: 'flags', namespace } };
  const isRewritten = (object: KubeObject) => JSON.stringify(object.data ?? {}).includes('by policy');
  await eventually(() => others.wouldGive(probe, isRewritten), Boolean);
}

function policyCase(
  one: Pick<OwnershipCase, 'name' | 'verdict' | 'act'> & { readonly from: 'the start' | 'the act' },
): OwnershipCase {
  const policyName = `own-${randomBytes(5).toString('hex')}.example.com`;
  const { name, verdict, act, from } = one;
  return {
    name,
    verdict,
    objects: [configMap()],
    prepare: async (others, namespace) => {
      if (from === 'the start') await bind(others, policyName, namespace);
    },
    act: async (others, it) => {
      if (from === 'the act') await bind(others, policyName, it.metadata.namespace ?? '');
      await act(others, it);
    },
    clean: async (others) => {
      for (const object of policy(policyName)) await others.delete(object);
    },
  };
}

export const policyCases: readonly OwnershipCase[] = [
  policyCase({
    name: 'a policy rewrites our value while someone else writes',
    from: 'the act',
    act: (others, it) =>
      others.patch(it, 'merge', { metadata: { annotations: { theirs: 'x' } } }, { manager: 'kubectl-edit' }),
    // Nobody can heal it as long as the policy is there.
    verdict: { is: 'drift', path: 'data.beta', heals: false },
  }),
  policyCase({
    name: 'a policy comes into force and nobody writes',
    from: 'the act',
    act: async () => {},
    verdict: STILL,
  }),
  policyCase({
    name: 'it is applied again under a policy that rewrites it',
    from: 'the start',
    act: applyAsOurselves,
    verdict: STILL,
  }),
];
