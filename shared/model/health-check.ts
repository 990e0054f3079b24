/** Rules of one application's own about when its objects are healthy, in CEL (cel.dev). */
import * as z from 'zod';

/** Longer ones are no rules but programs, and take long to read. */
const LONGEST_EXPRESSION = 1_000;

const expression = z.string().min(1).max(LONGEST_EXPRESSION);

export const healthCheckSchema = z.strictObject({
  group: z.string().default('').describe('API group, "" for the core group'),
  kind: z.string().min(1).describe('Secrets and CustomResourceDefinitions are read by their metadata alone'),
  namespace: z.string().default('*').describe('Namespace of the objects, "*" for any'),
  name: z.string().default('*').describe('One object. Default: every one of the kind'),
  healthy: expression.describe(
    "CEL that is true when the object is healthy: status.phase == 'Ready'. Fields of the object are variables, self is all of it",
  ),
  progressing: expression.optional().describe('CEL that is true while it is on its way; asked first'),
  degraded: expression.optional().describe('CEL that is true when it is broken; asked before healthy'),
  message: expression.optional().describe('CEL that gives a text for people: what it waits for, or what is wrong'),
});

export const healthChecksSchema = z
  .array(healthCheckSchema)
  .optional()
  .describe('Own rules about when objects are healthy; the first that is about an object decides');

export type HealthCheck = z.infer<typeof healthCheckSchema>;

/** The fields of a check that hold an expression, in the order in which they are asked. */
export const EXPRESSION_FIELDS = ['progressing', 'degraded', 'healthy', 'message'] as const;
