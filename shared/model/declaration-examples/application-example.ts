// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${...} are expressions of declarations, not of JavaScript
import type { DeclarationExample } from './declaration-example.ts';
import { RENDER_EXAMPLES } from './render-examples.ts';

export const APPLICATION_EXAMPLE: DeclarationExample = {
  meaning:
    'What is brought to which clusters: files from a place, rendered as one unit, with settings. `${cluster.name}`, `${cluster.labels.X}` and `${cluster.parameters.X}` may stand in any text of its spec but the selector; a plain `${` is written `$${`.',
  yaml: `apiVersion: plumbline.dev/v1
kind: Application
metadata: {name: web}
spec:
  source: {path: apps/web}
  clusters: {matchLabels: {stage: prod}}
`,
  fields: [
    { yaml: 'metadata: {name: web}', of: ['metadata.name'] },
    {
      yaml: 'source: {repository: team, revision: v2.1.0, path: "deploy/${cluster.labels.stage}"}',
      of: ['source.repository', 'source.revision', 'source.path'],
    },
    { yaml: 'source: {repository: charts, chart: podinfo, revision: 6.7.1}', of: ['source.chart'] },
    {
      yaml: 'sources: [{repository: charts, chart: podinfo, revision: 6.7.1, render: {helm: {valuesFiles: ["$values/web.yaml"]}}}, {name: values, repository: team, revision: main}]',
      of: ['sources[].name', 'sources[].repository', 'sources[].revision', 'sources[].chart', 'sources[].render'],
    },
    { yaml: 'sources: [{path: apps/web}, {path: apps/web-extras}]', of: ['sources[].path'] },
    ...RENDER_EXAMPLES,
    { yaml: 'clusters: {all: true}', of: ['clusters.all'] },
    { yaml: 'clusters: {names: [prod-eu, prod-us]}', of: ['clusters.names'] },
    { yaml: 'clusters: {matchLabels: {stage: prod}}', of: ['clusters.matchLabels'] },
    {
      yaml: 'clusters: {matchExpressions: [{key: stage, operator: In, values: [staging, prod]}]}',
      of: [
        'clusters.matchExpressions[].key',
        'clusters.matchExpressions[].operator',
        'clusters.matchExpressions[].values',
      ],
    },
    { yaml: 'namespace: web', of: ['namespace'] },
    { yaml: '{namespace: "web-${cluster.name}", createNamespace: true}', of: ['createNamespace'] },
    { yaml: 'dependsOn: [db, prod-eu/web]', of: ['dependsOn'] },
    { yaml: 'sync: {prune: false}', of: ['sync.prune'] },
    { yaml: 'sync: {drift: report}', of: ['sync.drift'] },
    { yaml: 'sync: {conflicts: force}', of: ['sync.conflicts'] },
    { yaml: 'sync: {adopt: [helm, kubectl]}', of: ['sync.adopt'] },
    { yaml: 'sync: {extra: remove}', of: ['sync.extra'] },
    { yaml: 'sync: {prunePropagation: foreground}', of: ['sync.prunePropagation'] },
    { yaml: 'sync: {allowEmpty: true}', of: ['sync.allowEmpty'] },
    { yaml: 'sync: {pruneLimit: 20%}', of: ['sync.pruneLimit'] },
    { yaml: 'sync: {allowDeletionOf: [PersistentVolumeClaim]}', of: ['sync.allowDeletionOf'] },
    { yaml: 'sync: {timeout: 30m}', of: ['sync.timeout'] },
    {
      yaml: 'ignore: [{group: apps, kind: Deployment, namespace: web, name: "web-*", fields: [/spec/replicas]}]',
      of: ['ignore[].group', 'ignore[].kind', 'ignore[].namespace', 'ignore[].name', 'ignore[].fields'],
    },
    {
      yaml: 'ignore: [{labels: {scaled: "yes"}, managers: ["*-autoscaler"]}]',
      of: ['ignore[].labels', 'ignore[].managers'],
    },
    {
      yaml: 'healthChecks: [{group: shop.example, kind: Shop, healthy: "status.phase == \'Open\'", progressing: "status.phase == \'Opening\'", degraded: "status.phase == \'Failed\'", message: status.reason}]',
      of: [
        'healthChecks[].group',
        'healthChecks[].kind',
        'healthChecks[].healthy',
        'healthChecks[].progressing',
        'healthChecks[].degraded',
        'healthChecks[].message',
      ],
    },
    {
      yaml: 'healthChecks: [{kind: ConfigMap, namespace: web, name: gate, healthy: "data.open == \'yes\'"}]',
      of: ['healthChecks[].namespace', 'healthChecks[].name'],
    },
    { yaml: 'deletion: orphan', of: ['deletion'] },
    { yaml: 'formerName: [shop-web, frontend]', of: ['formerName'] },
    { yaml: 'suspend: true', of: ['suspend'] },
    { yaml: 'serviceAccount: team-web/deployer', of: ['serviceAccount'] },
  ],
};
