/**
 * The steps of a function: each request that it sends to AWS or to an API server is one before it is carried out, and
 * one after. Between two steps nothing outside changes, so being stopped anywhere is being stopped at one of them.
 */
import type { FaultStack } from './fault-stack.ts';

/** `plan-fleet` and `dynamodb:UpdateItem arrived`; the process waits while it is looked at. */
export type StepListener = (functionName: string, step: string) => void | Promise<void>;

/** Calls `onStep` for each step of every function; the function returned ends that. */
export function watchSteps(stack: FaultStack, onStep: StepListener): () => void {
  const ends = [
    stack.aws.gateway.onRequest(({ service, operation }, { name }, phase) =>
      onStep(name, `${service}:${operation} ${phase}`),
    ),
    ...stack.chronicles.map(({ cluster }) =>
      stack.front(cluster.name).onRequest(({ method, path }, phase) => {
        return onStep('reconcile-cluster', `${method} ${path.split('?')[0]} ${phase}`);
      }),
    ),
  ];
  return () => {
    for (const end of ends) end();
  };
}

/** Counts the steps of each function until the function returned is called. */
export function countSteps(stack: FaultStack): () => ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  const end = watchSteps(stack, (name) => void counts.set(name, (counts.get(name) ?? 0) + 1));
  return () => {
    end();
    return counts;
  };
}
