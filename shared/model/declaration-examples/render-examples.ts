// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${...} are expressions of declarations, not of JavaScript
import type { FieldExample } from './declaration-example.ts';

/** Of `spec.render` of an Application. */
export const RENDER_EXAMPLES: readonly FieldExample[] = [
  {
    yaml: 'render: {directory: {recurse: false, include: ["*.yaml"], exclude: ["*.test.yaml"]}}',
    of: ['render.directory.recurse', 'render.directory.include', 'render.directory.exclude'],
  },
  {
    yaml: 'render: {kustomize: {images: [{name: web, newName: registry.example/web, newTag: "1.4.2"}]}}',
    of: ['render.kustomize.images[].name', 'render.kustomize.images[].newName', 'render.kustomize.images[].newTag'],
  },
  {
    yaml: `render: {kustomize: {images: [{name: web, digest: "sha256:${'4b'.repeat(32)}"}]}}`,
    of: ['render.kustomize.images[].digest'],
  },
  {
    yaml: 'render: {kustomize: {replicas: [{name: web, count: "${cluster.parameters.replicas}"}]}}',
    of: ['render.kustomize.replicas[].name', 'render.kustomize.replicas[].count'],
  },
  { yaml: 'render: {kustomize: {namePrefix: eu-}}', of: ['render.kustomize.namePrefix'] },
  { yaml: 'render: {kustomize: {nameSuffix: -v2}}', of: ['render.kustomize.nameSuffix'] },
  { yaml: 'render: {kustomize: {namespace: web}}', of: ['render.kustomize.namespace'] },
  {
    yaml: 'render: {kustomize: {patches: [{target: {group: apps, version: v1, kind: Deployment, name: "web-.*", namespace: web}, patch: "[{op: remove, path: /spec/replicas}]"}]}}',
    of: [
      'render.kustomize.patches[].patch',
      'render.kustomize.patches[].target.group',
      'render.kustomize.patches[].target.version',
      'render.kustomize.patches[].target.kind',
      'render.kustomize.patches[].target.name',
      'render.kustomize.patches[].target.namespace',
    ],
  },
  {
    yaml: 'render: {kustomize: {patches: [{target: {labelSelector: tier=web, annotationSelector: team!=red}, patch: "[{op: remove, path: /spec/replicas}]"}]}}',
    of: ['render.kustomize.patches[].target.labelSelector', 'render.kustomize.patches[].target.annotationSelector'],
  },
  { yaml: 'render: {kustomize: {components: [../components/tls]}}', of: ['render.kustomize.components'] },
  {
    yaml: 'render: {kustomize: {labels: [{pairs: {team: red}, includeSelectors: false, includeTemplates: true}]}}',
    of: [
      'render.kustomize.labels[].pairs',
      'render.kustomize.labels[].includeSelectors',
      'render.kustomize.labels[].includeTemplates',
    ],
  },
  { yaml: 'render: {kustomize: {annotations: {contact: team-red}}}', of: ['render.kustomize.annotations'] },
  { yaml: 'render: {helm: {releaseName: web-v2}}', of: ['render.helm.releaseName'] },
  {
    yaml: 'render: {helm: {valuesFiles: [values.yaml, "values/${cluster.labels.stage}/*.yaml"], ignoreMissingValuesFiles: true}}',
    of: ['render.helm.valuesFiles', 'render.helm.ignoreMissingValuesFiles'],
  },
  {
    yaml: 'render: {helm: {valuesFrom: [{configMap: {name: web-values, namespace: platform, key: host}, targetPath: ingress.host, optional: true}]}}',
    of: [
      'render.helm.valuesFrom[].configMap.name',
      'render.helm.valuesFrom[].configMap.namespace',
      'render.helm.valuesFrom[].configMap.key',
      'render.helm.valuesFrom[].targetPath',
      'render.helm.valuesFrom[].optional',
    ],
  },
  {
    yaml: 'render: {helm: {valuesFrom: [{secret: {name: web-values, namespace: platform, key: values.yaml}}]}}',
    of: [
      'render.helm.valuesFrom[].secret.name',
      'render.helm.valuesFrom[].secret.namespace',
      'render.helm.valuesFrom[].secret.key',
    ],
  },
  {
    yaml: 'render: {helm: {valuesFrom: [{ssmParameter: {name: /web/host, region: eu-central-1}, targetPath: host}]}}',
    of: ['render.helm.valuesFrom[].ssmParameter.name', 'render.helm.valuesFrom[].ssmParameter.region'],
  },
  {
    yaml: 'render: {helm: {valuesFrom: [{stackOutput: {stack: database, output: Endpoint, region: eu-central-1}, targetPath: db.host}]}}',
    of: [
      'render.helm.valuesFrom[].stackOutput.stack',
      'render.helm.valuesFrom[].stackOutput.output',
      'render.helm.valuesFrom[].stackOutput.region',
    ],
  },
  { yaml: 'render: {helm: {values: {replicas: 2, host: "${cluster.name}.example"}}}', of: ['render.helm.values'] },
  {
    yaml: 'render: {helm: {lookup: [{apiVersion: v1, kind: Secret, namespace: web, name: web-token}]}}',
    of: [
      'render.helm.lookup[].apiVersion',
      'render.helm.lookup[].kind',
      'render.helm.lookup[].namespace',
      'render.helm.lookup[].name',
    ],
  },
  {
    yaml: 'render: {helm: {includeCRDs: false, skipSchemaValidation: true}}',
    of: ['render.helm.includeCRDs', 'render.helm.skipSchemaValidation'],
  },
  {
    yaml: 'render: {substitute: {variables: {HOST: "${cluster.name}.example"}, strict: false}}',
    of: ['render.substitute.variables', 'render.substitute.strict'],
  },
  {
    yaml: 'render: {substitute: {from: [{configMap: {name: zone, namespace: platform, key: HOST}, optional: true}]}}',
    of: [
      'render.substitute.from[].configMap.name',
      'render.substitute.from[].configMap.namespace',
      'render.substitute.from[].configMap.key',
      'render.substitute.from[].optional',
    ],
  },
  {
    yaml: 'render: {substitute: {from: [{secret: {name: zone, namespace: platform, key: TOKEN}}]}}',
    of: [
      'render.substitute.from[].secret.name',
      'render.substitute.from[].secret.namespace',
      'render.substitute.from[].secret.key',
    ],
  },
];
