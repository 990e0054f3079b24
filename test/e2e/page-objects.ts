/** The objects of the sample fleet's applications, as a run leaves them in a blob. */
import type { HealthVerdict } from '../../shared/model/health.ts';
import type { ObjectRef } from '../../shared/model/object-ref.ts';
import type { ApplicationStatus, ObjectStatus } from '../../shared/model/status.ts';

const HEALTHY: HealthVerdict = { health: 'healthy', reason: '' };

/** Kind, group, wave, file. */
const SHAPE: readonly (readonly [kind: string, group: string, wave: number, file: string])[] = [
  ['Namespace', '', -1, 'namespace.yaml'],
  ['ServiceAccount', '', 0, 'rbac.yaml'],
  ['Role', 'rbac.authorization.k8s.io', 0, 'rbac.yaml'],
  ['RoleBinding', 'rbac.authorization.k8s.io', 0, 'rbac.yaml'],
  ['ConfigMap', '', 0, 'config.yaml'],
  ['Secret', '', 0, 'payment.yaml'],
  ['Service', '', 0, 'service.yaml'],
  ['Deployment', 'apps', 0, 'deployment.yaml'],
  ['NetworkPolicy', 'networking.k8s.io', 1, 'network-policy.yaml'],
];

export function objectsOf(applications: readonly ApplicationStatus[]): readonly ObjectStatus[] {
  return applications.flatMap((status) =>
    SHAPE.map(([kind, group, wave, file], index): ObjectStatus => {
      const { application, health, healthReason, waitingFor } = status;
      const ref = refTo({ kind, group }, application);
      const verdict = kind === 'Deployment' && health !== 'healthy' ? { health, reason: healthReason } : HEALTHY;
      const source = { path: `apps/${application}/base/${file}`, line: 1 + index * 12 };
      const common = { ref, application, wave, health: verdict };
      if (waitingFor !== '' && wave > 0) {
        return { outcome: { ref, application, wave, result: 'skipped', reason: 'waits for wave 0' }, source };
      }
      return { outcome: { ...common, result: kind === 'Deployment' ? 'configured' : 'unchanged' }, source };
    }),
  );
}

function refTo({ kind, group }: { readonly kind: string; readonly group: string }, application: string): ObjectRef {
  return {
    kind,
    group,
    namespace: kind === 'Namespace' ? '' : application,
    name: kind === 'Secret' ? 'payment' : application,
  };
}
