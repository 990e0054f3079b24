/**
 * What goes to the event bus: `detail` of each event, by its `detail-type`. These are an interface for others: fields may
 * be added, none is renamed or removed. The JSON Schemas in schema/events/ and the tables in docs/events.md are made of
 * these schemas.
 */
import * as z from 'zod';
import { type ErrorCode, FAULT_OF } from './problem.ts';

/** More are counted, not listed: an event is read by people and by rules, the rest is in the state. */
export const EVENT_LIMITS = { problems: 5, problemText: 512, objects: 10, fields: 5, text: 1_000 } as const;

const CODES = Object.keys(FAULT_OF) as [ErrorCode, ...ErrorCode[]];

const fleet = z.string().describe('Name of the fleet.');
const cluster = z.string().describe('Name of the cluster.');
const application = z.string().describe('Name of the application.');
const commit = z.string().describe('Full id of the commit.');
const run = z
  .string()
  .describe('Id of the run that found it; it stands in the log and in the audit log of the cluster.');
const since = z.iso.datetime().describe('Since when, UTC.');
const text = z.string().max(EVENT_LIMITS.text).describe('The event as a line for people.');

const problem = z.object({
  code: z.enum(CODES).describe('What kind of problem; each has an article in docs/runbook.md.'),
  text: z.string().max(EVENT_LIMITS.problemText).describe('What was being done, what is wrong, what to change.'),
});
const problems = z.array(problem).max(EVENT_LIMITS.problems).describe('The first five.');
const problemCount = z.int().describe('How many there are.');

const driftedObject = z.object({
  object: z.string().describe('`Deployment.apps/web/api`.'),
  kind: z.enum(['changed', 'deleted', 'disowned', 'terminating', 'extra']).describe('What happened to it.'),
  act: z.enum(['healed', 'reported', 'failed']).describe('What was done about it.'),
  fields: z
    .array(
      z.object({
        path: z.string().describe('`spec.template.spec.containers[app].image`; values are never told.'),
        manager: z.string().exactOptional().describe('Who holds the field; absent when nobody does.'),
      }),
    )
    .max(EVENT_LIMITS.fields)
    .describe('The first five.'),
});
/** Without a commit where nothing was brought in yet. */
const one = { fleet, cluster, application, commit: commit.exactOptional(), run, since };
const drift = {
  ...one,
  objects: z.array(driftedObject).max(EVENT_LIMITS.objects).describe('The first ten.'),
  objectCount: z.int().describe('How many there are.'),
  text,
};
export const EVENT_SCHEMAS = {
  ApplicationSynced: z.object({ ...one, text }),
  ApplicationFailed: z.object({ ...one, problems, problemCount, text }),
  ApplicationDegraded: z.object({
    ...one,
    reason: z.string().describe('The object that is worst, and why.'),
    ...{ problems, problemCount, text },
  }),
  DriftDetected: z.object(drift),
  DriftHealed: z.object(drift),
  ClusterUnreachable: z.object({ fleet, cluster, since, problems, problemCount, text }),
  ClusterRecovered: z.object({ fleet, cluster, unreachableSince: since, text }),
  PlanRefused: z.object({ fleet, commit: commit.exactOptional(), problems, problemCount, text }),
} as const;

export type FleetEventType = keyof typeof EVENT_SCHEMAS;
export const FLEET_EVENT_TYPES = Object.keys(EVENT_SCHEMAS) as FleetEventType[];

type Details = { readonly [Type in FleetEventType]: Readonly<z.infer<(typeof EVENT_SCHEMAS)[Type]>> };

export type EventDetail<Type extends FleetEventType> = Details[Type];

/** One event for the bus. */
export type FleetEvent = {
  readonly [Type in FleetEventType]: { readonly type: Type; readonly detail: Details[Type] };
}[FleetEventType];

/** When each event is sent, for the documentation. */
export const EVENT_MEANINGS: Readonly<Record<FleetEventType, string>> = {
  ApplicationSynced: 'An application of a cluster is brought in and healthy, and was not so at this input before.',
  ApplicationFailed: 'An application could not be brought in whole, for other reasons than before.',
  ApplicationDegraded: 'The objects of an application became unhealthy, or took longer than `sync.timeout`.',
  DriftDetected: 'Someone changed what we applied, and it was left (`sync.drift: report`) or could not be healed.',
  DriftHealed: 'Someone changed what we applied, and it was put back.',
  ClusterUnreachable: 'A cluster that was reached until now cannot be reached, or refuses our credentials.',
  ClusterRecovered: 'A cluster can be reached again; it catches up by itself.',
  PlanRefused: 'A commit cannot be brought in at all; the clusters stay at the one before.',
};

/** Returns the JSON Schema of an event's `detail`. */
export function eventJsonSchema(type: FleetEventType): z.core.JSONSchema.BaseSchema {
  return z.toJSONSchema(EVENT_SCHEMAS[type].meta({ title: type, description: EVENT_MEANINGS[type] }), { io: 'input' });
}

/** Returns `application-synced.json`. */
export function eventSchemaFile(type: FleetEventType): string {
  return `${type.replace(/(?<!^)[A-Z]/g, '-$&').toLowerCase()}.json`;
}
