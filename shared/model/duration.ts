const UNIT_MS = { s: 1_000, m: 60_000, h: 3_600_000 } as const;

/** Returns the milliseconds of `90s`, `10m` or `1h`, the form that the declarations' schema has checked. */
export function durationMs(text: string): number {
  const unit = text.at(-1);
  const perUnit = unit === 's' || unit === 'm' || unit === 'h' ? UNIT_MS[unit] : Number.NaN;
  return Number(text.slice(0, -1)) * perUnit;
}
