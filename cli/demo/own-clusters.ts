/**
 * Clusters of the person who tries the demo: looked at before anything is made there, and left as they were. What the
 * demo makes has names of its own, so nothing is met that was there before.
 */
import { FLEET_LABEL, fieldManagerOf, SYSTEM_NAMESPACE } from '../../shared/config/names.ts';
import { PlumblineError } from '../../shared/errors.ts';
import { badArgument } from '../bad-argument.ts';
import type { DemoCluster } from './demo-clusters.ts';
import { type DemoStage, kubectl } from './demo-stage.ts';

type KubectlPath = Pick<DemoStage, 'kubectlPath'>;

const APPLICATIONS = ['greetings', 'inventory', 'notifier', 'shop'];
/** What every namespace has without anyone's doing. */
const STANDARD = ['configmap/kube-root-ca.crt', 'serviceaccount/default'];

/** Returns the two contexts that `text` names. @throws {ConfigInvalid} when it is not two names. */
export function ownClusters(text: string): readonly [DemoCluster, DemoCluster] {
  const [first, second, ...more] = text.split(',').map((part) => part.trim());
  if (!first || !second || more.length > 0 || first === second) {
    throw badArgument(
      '--contexts',
      `it is ${JSON.stringify(text)}`,
      'name two different contexts: --contexts kind-a,kind-b',
    );
  }
  return [
    { name: 'staging', context: first },
    { name: 'production', context: second },
  ];
}

/**
 * Returns the contexts whose cluster has the namespace of anchors and parents already.
 *
 * @throws {ClusterUnreachable} when one does not answer; the demo would wait for nothing.
 * @throws {ConfigInvalid} when both lead to one cluster.
 */
export async function lookBefore(
  tools: KubectlPath,
  clusters: readonly [DemoCluster, DemoCluster],
): Promise<ReadonlySet<string>> {
  const uids = await Promise.all(
    clusters.map((cluster) =>
      ask(tools, cluster, 'get', 'namespace', 'kube-system', '--output=jsonpath={.metadata.uid}'),
    ),
  );
  if (uids[0] === uids[1]) {
    throw badArgument('--contexts', 'both contexts lead to the same cluster', 'name two different clusters');
  }
  const before = await Promise.all(
    clusters.map(async (cluster) => {
      const found = await ask(
        tools,
        cluster,
        'get',
        'namespace',
        SYSTEM_NAMESPACE,
        '--ignore-not-found',
        '--output=name',
      );
      return found === '' ? [] : [cluster.context];
    }),
  );
  return new Set(before.flat());
}

async function ask(tools: KubectlPath, cluster: DemoCluster, ...parameters: string[]): Promise<string> {
  try {
    return await kubectl(tools, cluster, '--request-timeout=10s', ...parameters);
  } catch (error) {
    const wrong = error instanceof Error ? (error.message.split('\n').at(1) ?? error.message) : String(error);
    const remedy = '`kubectl config get-contexts` lists the contexts there are; the cluster has to answer from here';
    const place = {
      code: 'ClusterUnreachable',
      subject: `context ${cluster.context}`,
      act: 'look at the cluster',
    } as const;
    throw new PlumblineError([{ ...place, wrong, remedy }], { cause: error });
  }
}

/** Removes what the demo made: its namespaces, its CRD, its anchor and parents, and their namespace if nothing else is in it. */
export async function removeFromOwnClusters(
  stage: DemoStage,
  hadSystemNamespace: ReadonlySet<string>,
  say: (line: string) => void,
): Promise<void> {
  const { name } = stage.local.place;
  const ours = `--selector=${FLEET_LABEL}=${name}`;
  const inSystem = `--namespace=${SYSTEM_NAMESPACE}`;
  await Promise.all(
    stage.clusters.map(async (cluster) => {
      const remove = (...parameters: string[]) =>
        kubectl(stage, cluster, 'delete', '--ignore-not-found', ...parameters);
      await remove('namespaces', ...APPLICATIONS.map((application) => `${stage.prefix}-${application}`));
      await remove('customresourcedefinitions', ours);
      await remove('configmaps', inSystem, ours);
      await remove('configmaps', inSystem, fieldManagerOf(name));
      const kinds = 'configmaps,secrets,serviceaccounts,pods,services,deployments.apps';
      const left = await kubectl(stage, cluster, 'get', kinds, inSystem, '--output=name');
      const isEmpty = left.split('\n').every((one) => one === '' || STANDARD.includes(one));
      if (isEmpty && !hadSystemNamespace.has(cluster.context)) await remove('namespace', SYSTEM_NAMESPACE);
      say(`removed everything of the demo from ${cluster.context}`);
    }),
  );
}
