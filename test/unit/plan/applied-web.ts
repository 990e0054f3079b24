import type { Change } from '../../../shared/model/change.ts';
import type { KubeObject } from '../../../shared/model/kube-object.ts';
import { configMap, deployment, prepared, taken, worldAfter } from './samples.ts';

export function opsOf(changes: readonly Change[]): readonly string[] {
  return changes.map((change) => `${change.op} ${change.ref.name}${change.op === 'skip' ? ` ${change.reason}` : ''}`);
}

export function without(key: string, live: ReadonlyMap<string, KubeObject>): ReadonlyMap<string, KubeObject> {
  return new Map([...live].filter(([name]) => name !== key));
}

export const web = prepared('web', [configMap('flags'), deployment('api')]);
export const world = worldAfter([web]);
export const API = 'Deployment.apps/web/api';
export const liveApi = liveObject(API);
export const scaledApi = taken(liveApi, ['spec', 'replicas'], 5, 'kubectl');

function liveObject(key: string): KubeObject {
  const live = world.live.get(key);
  if (live === undefined) throw new Error(`the sample lacks ${key}`);
  return live;
}
