/** Faults that tests put between a function and AWS, by rule. */
import { isJsonObject } from '../../../shared/model/json.ts';
import type { AwsRequest } from './aws-request.ts';

export interface FaultRule {
  readonly service?: string;
  readonly operation?: string;
  /** Function, as in functions/. */
  readonly caller?: string;
  /** What the body has to contain. */
  readonly containing?: string;
  /** What else has to be true of it; default: nothing. */
  readonly only?: (request: AwsRequest, caller: string) => boolean;
  /** How many requests that match are let through first; default 0. */
  readonly after?: number;
  /** How many requests it hits; default: all, until the rule is taken back. */
  readonly times?: number;
  readonly fault: Fault;
}

/**
 * `throttle`: refused, asked to slow down. `unavailable`: 503, not carried out. `reset`: the connection breaks, not
 * carried out. `lose-answer`: carried out, then the connection breaks. `hang`: no answer, not carried out.
 */
export type Fault = 'throttle' | 'unavailable' | 'reset' | 'lose-answer' | 'hang' | { readonly delayMs: number };

export class FaultRules {
  readonly #rules = new Set<{ readonly rule: FaultRule; seen: number; hits: number }>();

  /** Puts a rule into force; the function returned takes it back and says how many requests it hit. */
  add(rule: FaultRule): () => number {
    const entry = { rule, seen: 0, hits: 0 };
    this.#rules.add(entry);
    return () => {
      this.#rules.delete(entry);
      return entry.hits;
    };
  }

  /** Returns the faults that hit this request, in the order of their rules. */
  take(request: AwsRequest, caller: string): readonly Fault[] {
    return [...this.#rules].flatMap((entry) => {
      const { rule } = entry;
      if (!matches(rule, request, caller)) return [];
      entry.seen += 1;
      if (entry.seen <= (rule.after ?? 0) || entry.hits >= (rule.times ?? Number.POSITIVE_INFINITY)) return [];
      entry.hits += 1;
      return [rule.fault];
    });
  }
}

export function delayOf(fault: Fault): number | undefined {
  return isJsonObject(fault) && typeof fault.delayMs === 'number' ? fault.delayMs : undefined;
}

function matches(
  { service, operation, caller, containing, only }: FaultRule,
  request: AwsRequest,
  from: string,
): boolean {
  return (
    (service ?? request.service) === request.service &&
    (operation ?? request.operation) === request.operation &&
    (caller ?? from) === from &&
    request.body.includes(containing ?? '') &&
    (only?.(request, from) ?? true)
  );
}
