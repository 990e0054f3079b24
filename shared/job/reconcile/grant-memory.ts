import type { Access } from '../ports.ts';
import { keyOf } from './find-forbidden.ts';

/** What a process was granted lately. Only that: who lacks a right is asked about again, so that giving it helps at once. */
export interface GrantMemory {
  /** `holder`: cluster, credentials and whom we act as. */
  of(holder: string, nowMs: number): { has(access: Access): boolean; add(access: Access): void };
}

const LIFE_MS = 5 * 60_000;
const MOST = 10_000;

/** Returns a memory of 5 minutes. A right that was taken away meanwhile is found by the write that it is missing for. */
export function createGrantMemory(): GrantMemory {
  const untilMs = new Map<string, number>();
  return {
    of: (holder, nowMs) => ({
      has: (access) => (untilMs.get(`${holder} ${keyOf(access)}`) ?? 0) > nowMs,
      add: (access) => {
        if (untilMs.size >= MOST) untilMs.clear();
        untilMs.set(`${holder} ${keyOf(access)}`, nowMs + LIFE_MS);
      },
    }),
  };
}
