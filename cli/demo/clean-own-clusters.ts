import { FLEET_LABEL, fieldManagerOf, SYSTEM_NAMESPACE } from '../../shared/config/names.ts';
import type { DemoNarrator } from './demo-narrator.ts';
import { type DemoStage, kubectl } from './demo-stage.ts';

const NAMESPACES = ['demo-greetings', 'demo-inventory', 'demo-notifier', 'demo-shop'];

/** Removes what the demo made in clusters that are not its own: its namespaces, its CRD, its anchor and parents. */
export async function cleanOwnClusters(stage: DemoStage, narrator: DemoNarrator): Promise<void> {
  const { name } = stage.local.place;
  for (const cluster of stage.clusters) {
    const remove = (...parameters: string[]) => kubectl(stage, cluster, 'delete', '--ignore-not-found', ...parameters);
    await remove('namespaces', ...NAMESPACES);
    await remove('customresourcedefinitions', `--selector=${FLEET_LABEL}=${name}`);
    await remove('configmaps', `--namespace=${SYSTEM_NAMESPACE}`, `--selector=${FLEET_LABEL}=${name}`);
    await remove('configmaps', `--namespace=${SYSTEM_NAMESPACE}`, fieldManagerOf(name));
    narrator.say(`removed everything of the demo from ${cluster.context}`);
  }
}
