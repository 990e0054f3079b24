// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${...} are expressions of declarations, not of JavaScript
import type { DeclarationExample } from './declaration-example.ts';

export const APPLICATION_TEMPLATE_EXAMPLE: DeclarationExample = {
  meaning:
    'One declaration that makes an Application for each item that its generators find: [templates](templates.md).',
  yaml: `apiVersion: plumbline.dev/v1
kind: ApplicationTemplate
metadata: {name: teams}
spec:
  forEach: {directories: "teams/*"}
  template:
    metadata: {name: "\${directory.name}"}
    spec:
      source: {path: "\${directory.path}"}
      clusters: {all: true}
`,
  fields: [
    { yaml: 'metadata: {name: teams}', of: ['metadata.name'] },
    { yaml: 'forEach: {clusters: {matchLabels: {stage: prod}}}', of: ['forEach.clusters'] },
    { yaml: 'forEach: {directories: "teams/*"}', of: ['forEach.directories'] },
    {
      yaml: 'forEach: {directories: {path: "deploy/*", exclude: ["deploy/old-*"], repository: team, revision: main}}',
      of: [
        'forEach.directories.path',
        'forEach.directories.exclude',
        'forEach.directories.repository',
        'forEach.directories.revision',
      ],
    },
    { yaml: 'forEach: {files: "tenants/*.yaml"}', of: ['forEach.files'] },
    {
      yaml: 'forEach: {files: {path: "**/tenant.json", exclude: ["test/**"], repository: team, revision: main}}',
      of: ['forEach.files.path', 'forEach.files.exclude', 'forEach.files.repository', 'forEach.files.revision'],
    },
    { yaml: 'forEach: {list: [{name: red, size: 2}, {name: blue, size: 5}]}', of: ['forEach.list'] },
    { yaml: 'forEach: {files: "previews/*.yaml", allowEmpty: true}', of: ['forEach.allowEmpty'] },
    {
      yaml: 'template: {metadata: {name: "${item.name}"}, spec: {source: {path: apps/team}, clusters: {all: true}, render: {helm: {values: {size: "${item.size}"}}}}}',
      of: ['template.metadata.name', 'template.spec'],
    },
  ],
};
