/** What acts of the stack use, as it was counted: the form of bench/aws-quantities.json. */
import { z } from 'zod';

const countSchema = z.number().nonnegative();

const functionUseSchema = z.object({
  invocations: countSchema,
  /** Of all its processes. */
  processorMs: countSchema,
  awsRequests: countSchema,
  apiRequests: countSchema,
  /** Its own lines and Lambda's about it. */
  logBytes: countSchema,
});

const useSchema = z.object({
  functions: z.record(z.string(), functionUseSchema),
  /** By `service:Operation`. */
  requests: z.record(z.string(), countSchema),
  /** Messages put into queues, alone or in batches. */
  messages: countSchema,
  readUnits: countSchema,
  writeUnits: countSchema,
  storedBytes: countSchema,
  /** Of ours, by their names. */
  metrics: z.array(z.string()),
});

const quantitiesSchema = z.object({
  measured: z.object({ date: z.string(), command: z.string(), machine: z.string() }),
  cluster: z.object({ applications: countSchema, objects: countSchema }),
  /** A check of one cluster that finds nothing new. */
  quietRun: useSchema,
  /** The same by a process that was started for it. */
  coldRun: useSchema,
  /** What a commit does in one cluster that it changes. */
  changedRun: useSchema,
  /** What concerns the whole fleet, with few clusters and with many. */
  fleets: z.tuple([fleetSchema(), fleetSchema()]),
  /** Bytes in the table for one cluster with its applications, and in the bucket for it. */
  kept: z.object({ tableBytes: countSchema, blobBytes: countSchema }),
});

function fleetSchema() {
  return z.object({
    clusters: countSchema,
    /** One of the schedule's, counting every fourth time as it does. */
    sweep: useSchema,
    /** A look at a repository that has not moved. */
    quietPlan: useSchema,
    /** A push that changes one application in every cluster, up to the nudges for them. */
    push: useSchema,
  });
}

export type Use = z.infer<typeof useSchema>;
export type FunctionUse = z.infer<typeof functionUseSchema>;
export type Quantities = z.infer<typeof quantitiesSchema>;

/** @throws {Error} when the text is not what the measurement writes. */
export function parseQuantities(text: string): Quantities {
  return quantitiesSchema.parse(JSON.parse(text));
}
