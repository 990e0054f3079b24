/** How an application is brought in and kept, and what of its objects is left to others. */
import * as z from 'zod';
import { exactlyOneOf, templatable } from './declaration-fields.ts';
import { PROPAGATIONS } from './object-policy.ts';

const glob = z.string().default('*');

/** What is left to others: the fields named, or those that certain managers hold, of every object that matches. */
export const ignoreRuleSchema = exactlyOneOf(
  z.strictObject({
    group: glob.describe('API group, "" for the core group'),
    kind: glob.describe('Kind of the object'),
    namespace: glob.describe('Namespace of the object'),
    name: glob.describe('Of the object; as in group, kind and namespace "*" stands for any characters: web-*'),
    labels: z.record(z.string(), z.string()).optional().describe('Labels that the object must have in Git'),
    fields: z
      .array(z.string().startsWith('/'))
      .min(1)
      .optional()
      .describe('JSON pointers (RFC 6901); "*" stands for any characters of one segment: /spec/replicas'),
    managers: z
      .array(z.string().min(1))
      .min(1)
      .optional()
      .describe('Field managers, "*" for any characters: whatever they hold in the cluster is left to them'),
  }),
  ['fields', 'managers'],
);

export const syncPolicySchema = z.strictObject({
  prune: z.boolean().default(true).describe('Delete objects that left the repository'),
  drift: z.enum(['heal', 'report', 'ignore']).default('heal').describe('What happens to changes made in the cluster'),
  conflicts: z
    .enum(['fail', 'force'])
    .default('fail')
    .describe('What happens to a field that is claimed for the first time and that another manager holds'),
  adopt: z
    .array(z.enum(['kubectl', 'helm', 'flux', 'argocd', 'any']))
    .default([])
    .describe('Former owners whose objects are taken over instead of reported as conflicts'),
  extra: z
    .enum(['ignore', 'report', 'remove'])
    .optional()
    .describe('What happens to additions by others. Default: report for NetworkPolicy, RBAC and Pod templates'),
  prunePropagation: z
    .enum(PROPAGATIONS)
    .optional()
    .describe('What becomes of the objects that a deleted one owns; foreground: they go first. Default: background'),
  allowEmpty: z.boolean().default(false).describe('Take a rendering without objects for meant'),
  pruneLimit: templatable(/^(100|[0-9]{1,2})%$/, 'expected a percentage, "0%" to "100%"')
    .default('50%')
    .describe("Largest share of the application's objects that one run may delete"),
  allowDeletionOf: z
    .array(z.enum(['Namespace', 'CustomResourceDefinition', 'PersistentVolumeClaim', 'PersistentVolume']))
    .default([])
    .describe('Kinds that may be deleted although data goes with them'),
  timeout: templatable(/^[1-9][0-9]*(s|m|h)$/, 'expected a duration such as "90s", "10m", "1h"')
    .default('10m')
    .describe('How long objects may stay progressing: 90s, 10m, 1h'),
});

export type SyncPolicy = z.infer<typeof syncPolicySchema>;
export type IgnoreRule = z.infer<typeof ignoreRuleSchema>;
