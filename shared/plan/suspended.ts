import { WHOLE_CLUSTER } from '../model/instruction.ts';

/** Tells whether people suspended the application by itself or with its whole cluster. */
export function isSuspended(application: string, suspensions: readonly string[] = []): boolean {
  return suspensions.includes(application) || suspensions.includes(WHOLE_CLUSTER);
}
