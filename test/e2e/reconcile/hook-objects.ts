/** Hooks as YAML, and what a cluster remembers of them. */
import { type HookProgress, parseHookProgress } from '../../../shared/model/hook-progress.ts';
import { isJsonObject } from '../../../shared/model/json.ts';
import type { FleetUnderTest } from './fleet-under-test.ts';

/** A Job that is a hook; `behaviour` is that of its Pod (test/controlplane/README.md), default: it succeeds. */
export function hookJob(
  name: string,
  hook: string,
  more: { annotations?: string; behaviour?: string; node?: string } = {},
): string {
  const { annotations = '', behaviour = '', node } = more;
  const all = `{plumbline.dev/hook: "${hook}"${annotations === '' ? '' : `, ${annotations}`}}`;
  const ofPod = behaviour === '' ? '{}' : `{plumbline.test/behaviour: "${behaviour}"}`;
  return `---
apiVersion: batch/v1
kind: Job
metadata: {name: ${name}, annotations: ${all}}
spec:
  backoffLimit: 0
  template:
    metadata: {annotations: ${ofPod}}
    spec:
      restartPolicy: Never
${node === undefined ? '' : `      nodeName: ${node}\n`}      terminationGracePeriodSeconds: 0
      containers: [{name: main, image: busybox}]
`;
}

export async function progressOf(fleet: FleetUnderTest, application: string): Promise<HookProgress> {
  const name = `plumbline-${fleet.fleet}.${application}`;
  const parent = await fleet.read({ group: '', kind: 'ConfigMap', namespace: 'plumbline-system', name });
  const progress = parseHookProgress(isJsonObject(parent?.data) ? String(parent.data.hooks) : '');
  if (progress === undefined) throw new Error(`${name} remembers no hooks`);
  return progress;
}
