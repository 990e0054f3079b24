import type { HealthVerdict } from '../../model/health.ts';
import type { KubeObject } from '../../model/kube-object.ts';
import { fieldAt, mapsAt, textAt } from '../read-field.ts';
import type { KindRules } from '../rule-for.ts';
import { degraded, HEALTHY, progressing, someOf } from '../verdict.ts';

/** Returns the verdict for what Karmada spreads over clusters: every cluster has it, and it is well there. */
function assessBinding(object: KubeObject): HealthVerdict {
  const clusters = mapsAt(object, 'spec', 'clusters');
  const reports = mapsAt(object, 'status', 'aggregatedStatus');
  if (reports.length === 0) return progressing('no cluster has reported yet');
  if (reports.length < clusters.length) {
    return progressing(someOf(reports.length, clusters.length, 'clusters have reported'));
  }
  const ill = reports.find((report) => {
    const health = textAt(report, 'health');
    return fieldAt(report, 'applied') !== true || !(health === 'Healthy' || health === 'Unknown' || health === '');
  });
  if (ill === undefined) return HEALTHY;
  const what =
    fieldAt(ill, 'applied') === true ? textAt(ill, 'health') : textAt(ill, 'appliedMessage') || 'not applied';
  return degraded(`cluster ${textAt(ill, 'clusterName')}: ${what}`);
}

export const KARMADA: KindRules = {
  'ResourceBinding.work.karmada.io': assessBinding,
  'ClusterResourceBinding.work.karmada.io': assessBinding,
};
