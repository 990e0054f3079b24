import { isJsonObject } from '../../shared/model/json.ts';
import { TRACE_PATTERN } from '../../shared/model/parse-nudge.ts';

/** Returns `text` if it can serve as a correlation id. */
export function safeTrace(text: unknown): string | undefined {
  return typeof text === 'string' && TRACE_PATTERN.test(text) ? text : undefined;
}

/** Returns the field of an event that is a JSON object. */
export function traceAt(event: unknown, field: string): string | undefined {
  return isJsonObject(event) ? safeTrace(event[field]) : undefined;
}
