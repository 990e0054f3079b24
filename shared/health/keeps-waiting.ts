/**
 * Whether what comes after an object waits for it: later waves, objects and applications that depend on it, deletions.
 * What is suspended is as somebody wants it, for days perhaps; and a volume claim may be bound no earlier than by the
 * first Pod that uses it (`volumeBindingMode: WaitForFirstConsumer`, which is how EKS is set up), so whoever waited for
 * it would keep that Pod away for ever.
 */
import type { HealthVerdict } from '../model/health.ts';
import { formatGroupKind, type GroupKind } from '../model/object-ref.ts';

export function keepsWaiting(kind: GroupKind, { health }: HealthVerdict): boolean {
  if (health === 'healthy' || health === 'suspended') return false;
  return health !== 'progressing' || formatGroupKind(kind) !== 'PersistentVolumeClaim';
}
