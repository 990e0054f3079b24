import type { FunctionUse, Use } from './quantities.ts';

/** Something used so many times. */
export type Weighted = readonly [times: number, use: Use];

/** Returns what all of it uses together. */
export function addUses(parts: readonly Weighted[]): Use {
  const sum = (value: (use: Use) => number) => parts.reduce((total, [times, use]) => total + times * value(use), 0);
  const names = new Set(parts.flatMap(([, { functions }]) => Object.keys(functions)));
  const requests = new Set(parts.flatMap(([, use]) => Object.keys(use.requests)));
  const ofFunction = (name: string, key: keyof FunctionUse) => sum(({ functions }) => functions[name]?.[key] ?? 0);
  return {
    functions: Object.fromEntries(
      [...names].sort().map((name) => [
        name,
        {
          invocations: ofFunction(name, 'invocations'),
          processorMs: ofFunction(name, 'processorMs'),
          awsRequests: ofFunction(name, 'awsRequests'),
          apiRequests: ofFunction(name, 'apiRequests'),
          logBytes: ofFunction(name, 'logBytes'),
        },
      ]),
    ),
    requests: Object.fromEntries([...requests].sort().map((name) => [name, sum((use) => use.requests[name] ?? 0)])),
    messages: sum(({ messages }) => messages),
    readUnits: sum(({ readUnits }) => readUnits),
    writeUnits: sum(({ writeUnits }) => writeUnits),
    storedBytes: sum(({ storedBytes }) => storedBytes),
    metrics: [...new Set(parts.flatMap(([, { metrics }]) => metrics))].sort(),
  };
}

/**
 * Returns what an act uses with `at` units, if it was counted with two other numbers of them: on the line through both, and
 * nowhere less than the lesser, for what hardly grows is counted with some chance in it.
 */
export function useAt(at: number, [fewer, few]: Weighted, [more, many]: Weighted): Use {
  const share = (at - fewer) / (more - fewer);
  const line = addUses([
    [1 - share, few],
    [share, many],
  ]);
  return atLeast(line, (value) => Math.min(value(few), value(many)));
}

function atLeast(use: Use, leastOf: (value: (use: Use) => number) => number): Use {
  const bounded = (value: (use: Use) => number) => Math.max(value(use), leastOf(value));
  const boundedFunction = (name: string, key: keyof FunctionUse) =>
    bounded(({ functions }) => functions[name]?.[key] ?? 0);
  return {
    ...use,
    functions: Object.fromEntries(
      Object.entries(use.functions).map(([name, one]) => [
        name,
        { ...one, processorMs: boundedFunction(name, 'processorMs'), logBytes: boundedFunction(name, 'logBytes') },
      ]),
    ),
    requests: Object.fromEntries(
      Object.keys(use.requests).map((name) => [name, bounded(({ requests }) => requests[name] ?? 0)]),
    ),
    readUnits: bounded(({ readUnits }) => readUnits),
    writeUnits: bounded(({ writeUnits }) => writeUnits),
  };
}
