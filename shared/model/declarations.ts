// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${...} are expressions of declarations, not of JavaScript
/**
 * The declarations of a fleet repository (design.md section 4) as zod schemas. The JSON Schema in schema/ is generated
 * from them. Unknown fields are errors; defaults are filled in here, so that the rest of the code sees whole values.
 */
import * as z from 'zod';
import {
  DEPENDENCY,
  dnsName,
  exactlyOneOf,
  labelSelectorRequirement,
  templatable,
  templatableName,
} from './declaration-fields.ts';
import { healthChecksSchema } from './health-check.ts';
import { isJsonObject } from './json.ts';
import type { Problem } from './problem.ts';
import { renderSettingsSchema } from './render-settings/render-settings.ts';
import { repositorySpecSchema } from './repository-spec.ts';
import { sourceSchema, sourcesSchema } from './source-spec.ts';
import { ignoreRuleSchema, syncPolicySchema } from './sync-policy.ts';
import type { TrustedKeyDeclaration } from './trusted-key.ts';
import { verificationSchema } from './verification.ts';

export const API_VERSION = 'plumbline.dev/v1';

export const metadata = z.strictObject({ name: dnsName.describe('Unique among the declarations of this kind') });
const labels = z.record(z.string(), z.string());

/** Which clusters an application goes to: those that match every field given; none when no field is given. */
export const clusterSelectorSchema = z.strictObject({
  all: z.boolean().optional().describe('true: every cluster'),
  names: z.array(dnsName).optional().describe('Names of Cluster declarations'),
  matchLabels: labels.optional().describe('Labels that the Cluster declaration must have'),
  matchExpressions: z
    .array(labelSelectorRequirement)
    .optional()
    .describe('More that its labels must meet, all of them'),
});

/** Which of several sources it would be meant for cannot be said. */
function hasOneRender(spec: unknown): boolean {
  return !isJsonObject(spec) || spec.sources === undefined || spec.render === undefined;
}

export const applicationSchema = z.strictObject({
  apiVersion: z.literal(API_VERSION),
  kind: z.literal('Application'),
  metadata,
  spec: exactlyOneOf(
    z
      .strictObject({
        source: sourceSchema.optional().describe('Where its files come from'),
        sources: sourcesSchema
          .optional()
          .describe('Several, whose objects are put together; of the same object the later source counts'),
        render: renderSettingsSchema.optional().describe('How "source" is rendered; of "sources", each says so itself'),
        clusters: clusterSelectorSchema.describe(
          'Clusters that it goes to: those that match every field given; none where no field is given',
        ),
        namespace: templatableName.optional().describe('Namespace of objects that name none'),
        createNamespace: z
          .boolean()
          .default(false)
          .describe('Make the namespace where it is missing; it is never deleted'),
        dependsOn: z
          .array(templatable(DEPENDENCY, 'expected the name of an application, or "cluster/application"'))
          .default([])
          .describe(
            'Applications that must be there and healthy before a new state of this one is brought in: "db" in the same cluster, "prod-eu/db" in cluster prod-eu',
          ),
        sync: syncPolicySchema.prefault({}).describe('How it is brought in, and kept as it is in Git'),
        ignore: z.array(ignoreRuleSchema).default([]).describe('What of its objects is left to others'),
        healthChecks: healthChecksSchema,
        deletion: z
          .enum(['prune', 'orphan'])
          .optional()
          .describe(
            'What happens to its objects once it is declared no longer; orphan: they stay, unmarked. Default: prune',
          ),
        formerName: z
          .union([dnsName, z.array(dnsName).min(1)])
          .optional()
          .describe(
            'What it was called before, newest first: its objects are kept, and what people said of it counts on',
          ),
        suspend: z.boolean().default(false).describe('Look, but change nothing'),
        serviceAccount: templatable(
          /^([a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?\/)?[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/,
          'expected "name" or "namespace/name" of a ServiceAccount',
        )
          .optional()
          .describe(
            'ServiceAccount that it is applied as, "name" in spec.namespace or "namespace/name". Default: with the rights of Plumbline',
          ),
      })
      .refine(hasOneRender, {
        error: '"render" stands beside "sources"',
        when: () => true,
        params: { remedy: 'move it into the sources that it is meant for' },
      }),
    ['source', 'sources'],
  ),
});

export const clusterSchema = z.strictObject({
  apiVersion: z.literal(API_VERSION),
  kind: z.literal('Cluster'),
  metadata: metadata.extend({
    labels: labels.default({}).describe('What selectors look at, and ${cluster.labels.X} stands for'),
  }),
  spec: exactlyOneOf(
    z.strictObject({
      kubeconfig: z
        .strictObject({
          path: z
            .string()
            .min(1)
            .optional()
            .describe(
              'A kubeconfig file; "~" is the home directory, relative ones start at the root of the fleet repository. Default: KUBECONFIG, then ~/.kube/config',
            ),
          context: z.string().min(1).describe('Context in it'),
        })
        .optional()
        .describe('A cluster that a kubeconfig file knows, for one machine'),
      eks: z
        .strictObject({
          name: z.string().min(1).describe('Name of the cluster in EKS'),
          region: z.string().min(1).describe('Region that it is in'),
          roleArn: z.string().optional().describe('Role that it is entered with. Default: the rights of Plumbline'),
          network: z
            .string()
            .optional()
            .describe('Network of the installation that reaches it. Default: none is needed'),
        })
        .optional()
        .describe('A cluster of EKS'),
      parameters: labels.default({}).describe('Values for ${cluster.parameters.X} in applications'),
      kubernetesVersion: z
        .string({ error: 'expected a version in quotes, such as "1.36"' })
        .regex(/^v?1\.\d+(\.\d+)?(-.*)?$/, 'expected a version such as "1.36"')
        .optional()
        .describe(
          'Version of Kubernetes, in quotes ("1.36"): what "plumbline validate" checks objects against. Default: the one that the last run saw, else the newest known',
        ),
      suspend: z.boolean().default(false).describe('Leave the cluster alone'),
    }),
    ['kubeconfig', 'eks'],
  ),
});

/** Every EKS cluster that carries the tags joins the fleet as if it were declared. */
export const clusterSetSchema = z.strictObject({
  apiVersion: z.literal(API_VERSION),
  kind: z.literal('ClusterSet'),
  metadata,
  spec: z.strictObject({
    discover: z
      .strictObject({
        regions: z.array(z.string().min(1)).min(1).describe('Regions to look in'),
        roleArns: z
          .array(z.string())
          .default([])
          .describe('Roles to look with, one for each account. Default: the own account, with the own rights'),
        tags: z
          .record(z.string(), z.string())
          .refine((tags) => Object.keys(tags).length > 0, { error: 'expected at least one tag' })
          .meta({ minProperties: 1 })
          .describe('Tags that a cluster must carry, all of them; without one every cluster of the account would join'),
      })
      .describe('Which clusters join the fleet'),
    roleArn: z
      .string()
      .optional()
      .describe('Role that the clusters are entered with. Default: the one that found them'),
    network: z.string().optional().describe('Network of the installation that reaches the clusters'),
    parameters: labels.default({}).describe('Values for ${cluster.parameters.X} in applications, for each cluster'),
  }),
});

export const repositorySchema = z.strictObject({
  apiVersion: z.literal(API_VERSION),
  kind: z.literal('Repository'),
  metadata,
  spec: repositorySpecSchema,
});

const percentage = z.string().regex(/^(100|[0-9]{1,2})%$/, 'expected a percentage, "0%" to "100%"');

/** What holds for the fleet as a whole; a fleet repository has one at most. */
export const fleetSchema = z.strictObject({
  apiVersion: z.literal(API_VERSION),
  kind: z.literal('Fleet'),
  metadata,
  spec: z.strictObject({
    removalLimit: z
      .strictObject({
        fleet: percentage
          .default('20%')
          .describe("Share of the fleet's applications in clusters that may go at once without a person's word"),
        cluster: percentage.default('50%').describe('The same of any one cluster'),
      })
      .prefault({})
      .describe('How much may be removed at once; more waits for a person'),
    verify: verificationSchema.optional().describe('Who must have signed the commits of the fleet repository itself'),
  }),
});

export type FleetDeclaration = z.infer<typeof fleetSchema>;
export type ApplicationDeclaration = z.infer<typeof applicationSchema>;
export type ClusterDeclaration = z.infer<typeof clusterSchema>;
export type ClusterSetDeclaration = z.infer<typeof clusterSetSchema>;
export type RepositoryDeclaration = z.infer<typeof repositorySchema>;
export type ClusterSelector = z.infer<typeof clusterSelectorSchema>;

/** Where a declaration stands, for errors and for `explain`. Line and column count from 1. */
export interface SourceLocation {
  readonly path: string;
  readonly line: number;
  readonly column: number;
}

export interface Declared<T> {
  readonly declaration: T;
  readonly location: SourceLocation;
}

/** Which template made an application, and for what: `cluster prod, directory apps/web`. */
export interface MadeBy {
  readonly template: string;
  readonly item: string;
}

export interface DeclaredApplication extends Declared<ApplicationDeclaration> {
  /** Absent: it is written as it is. */
  readonly madeBy?: MadeBy;
}

/**
 * An application with faults of its own. What it was before stays as it is wherever it is, and the other applications
 * go on (docs/decisions/0024).
 */
export interface BrokenApplication {
  readonly name: string;
  readonly madeBy?: MadeBy;
  /** Where it goes, as far as that can be read; absent: nobody can say. */
  readonly clusters?: ClusterSelector;
  /** What it was called before, as far as that can be read. */
  readonly formerNames: readonly string[];
  /** `spec.suspend`, as far as that can be read. */
  readonly suspend?: boolean;
  readonly problems: readonly Problem[];
}

/** Where a template looks for folders or files; left away: the repository and the commit of the declarations. */
export interface TemplateSource {
  readonly repository?: string | undefined;
  readonly revision?: string | undefined;
}

/** Everything a fleet repository declares, names unique by kind. */
export interface FleetDeclarations {
  /** Absent: the defaults. */
  readonly fleet?: Declared<FleetDeclaration>;
  readonly repositories: readonly Declared<RepositoryDeclaration>[];
  readonly clusters: readonly Declared<ClusterDeclaration>[];
  readonly clusterSets: readonly Declared<ClusterSetDeclaration>[];
  /** Absent: none. */
  readonly trustedKeys?: readonly Declared<TrustedKeyDeclaration>[];
  /** Written and made by templates. */
  readonly applications: readonly DeclaredApplication[];
  /** Those that are not among `applications`, or not for the clusters named. Absent: none. */
  readonly broken?: readonly BrokenApplication[];
  /** What templates look at besides the declarations. Absent: nothing. */
  readonly templateSources?: readonly TemplateSource[];
}
