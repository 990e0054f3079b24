/** Charts whose other files are wrong, or whose values are; and what comes out and is no YAML. */
import { type Failure, SUB } from './template-failures.ts';

export const FILE_FAILURES: readonly Failure[] = [
  {
    what: 'a Chart.yaml that is no YAML',
    files: { 'Chart.yaml': 'apiVersion: v2\nname: [\n' },
    complaints: ['Chart.yaml:2:7: read YAML: the bracket is not closed; close it with "]"'],
  },
  {
    what: 'a version that is none',
    files: { 'Chart.yaml': 'apiVersion: v2\nname: a\nversion: one\n' },
    complaints: ['Chart.yaml: helm template: validation: chart.metadata.version "one" is invalid; correct Chart.yaml'],
  },
  {
    what: 'an unknown version of charts',
    files: { 'Chart.yaml': 'apiVersion: v9\nname: a\nversion: 1.0.0\n' },
    complaints: ['Chart.yaml: helm template: unsupported chart version; correct Chart.yaml'],
  },
  {
    what: 'a library',
    files: { 'Chart.yaml': 'apiVersion: v2\nname: a\nversion: 1.0.0\ntype: library\n' },
    complaints: [
      'Chart.yaml: helm template: library charts are not installable; name a chart that is no library; a library is for other charts to depend on',
    ],
  },
  {
    what: 'a dependency whose Chart.yaml is no YAML',
    files: { 'charts/sub/Chart.yaml': 'name: [\n' },
    complaints: ['charts/sub/Chart.yaml:1:7: read YAML: the bracket is not closed; close it with "]"'],
  },
  {
    what: 'a dependency without a version',
    files: { 'charts/sub/Chart.yaml': 'apiVersion: v2\nname: sub\n' },
    complaints: [
      'charts/sub/Chart.yaml: helm template: validation: chart.metadata.version is required; correct Chart.yaml',
    ],
  },
  {
    what: 'values that are a list',
    files: { 'values.yaml': '- a\n' },
    complaints: ['values.yaml: helm template: it is no map; correct values.yaml'],
  },
  {
    what: 'a values file that is a list',
    files: { 'v.yaml': '- a\n' },
    valuesFiles: ['v.yaml'],
    complaints: ['v.yaml: helm template: it is no map; write a map of values there'],
  },
  {
    what: 'a values file that is a text',
    files: { 'v.yaml': 'text\n' },
    valuesFiles: ['v.yaml'],
    complaints: ['v.yaml: helm template: it is no map; write a map of values there'],
  },
  {
    what: 'values of a dependency that are no YAML',
    files: { ...SUB, 'charts/sub/values.yaml': 'a: [\n' },
    complaints: ['charts/sub/values.yaml:1:4: read YAML: the bracket is not closed; close it with "]"'],
  },
  {
    what: 'values of a dependency that are no map',
    files: { ...SUB },
    values: { sub: 'x' },
    complaints: ['web: helm template: the values of the dependency sub are no map; give a map at sub'],
  },
  {
    what: 'a schema that is no JSON',
    files: { 'values.schema.json': '{' },
    complaints: [
      'values.schema.json: helm template: the schema of podinfo cannot be used: unexpected EOF; correct the schema',
    ],
  },
  {
    what: 'a value that the schema demands',
    files: {
      'values.schema.json': '{"required": ["image"], "properties": {"image": {"type": "object", "required": ["tag"]}}}',
    },
    complaints: ["web: helm template: the values: missing property 'image'; correct the values"],
  },
  {
    what: 'a value within another that the schema demands',
    files: {
      'values.yaml': 'image: {}\n',
      'values.schema.json': '{"required": ["image"], "properties": {"image": {"type": "object", "required": ["tag"]}}}',
    },
    complaints: ["values.yaml:1:8: helm template: image: missing property 'tag'; correct the values"],
  },
  {
    what: 'values that the schema does not know',
    files: {
      'values.yaml': 'mode: c\nextra: 1\n',
      'values.schema.json': '{"additionalProperties": false, "properties": {"mode": {"enum": ["a", "b"]}}}',
    },
    complaints: [
      "values.yaml:1:7: helm template: mode: value must be one of 'a', 'b'; correct the values",
      "values.yaml:2:8: helm template: the values: additional properties 'extra' not allowed; correct the values",
    ],
  },
  {
    what: 'every value that the schema refuses',
    files: {
      'values.yaml': 'mode: c\nx: 1\n',
      'values.schema.json':
        '{"properties": {"mode": {"pattern": "^a"}, "x": {"oneOf": [{"type": "string"}, {"minimum": 3}]}}}',
    },
    complaints: [
      "values.yaml:1:7: helm template: mode: 'c' does not match pattern '^a'; correct the values",
      "values.yaml:2:4: helm template: x: 'oneOf' failed, none matched; correct the values",
      'values.yaml:2:4: helm template: x: got number, want string; correct the values',
      'values.yaml:2:4: helm template: x: minimum: got 1, want 3; correct the values',
    ],
  },
  {
    what: 'a tab in what is rendered',
    files: { 'templates/a.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n\tname: a\n' },
    complaints: [
      'templates/a.yaml: helm template: what the template renders is no YAML: yaml: line 4: found character that cannot start any token; correct the indentation and quoting; the line counts in the rendered text',
    ],
  },
  {
    what: 'a wrong indentation in what is rendered',
    files: { 'templates/a.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n labels: b\n' },
    complaints: [
      'templates/a.yaml: helm template: what the template renders is no YAML: yaml: line 4: did not find expected key; correct the indentation and quoting; the line counts in the rendered text',
    ],
  },
  {
    what: 'toYaml without nindent',
    files: {
      'values.yaml': 'a: {b: 1, c: 2}',
      'templates/a.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n  labels: {{ toYaml .Values.a }}\n',
    },
    complaints: [
      'templates/a.yaml: helm template: what the template renders is no YAML: yaml: line 5: mapping values are not allowed in this context; correct the indentation and quoting; the line counts in the rendered text',
    ],
  },
  {
    what: 'a template that renders a text',
    files: { 'templates/a.yaml': 'just text\n' },
    complaints: [
      'templates/a.yaml: helm template: what the template renders is of the type string and no object; let it render "apiVersion: ..." and what follows, or nothing',
    ],
  },
  {
    what: 'a template that renders a list',
    files: { 'templates/a.yaml': '- a\n' },
    complaints: [
      'templates/a.yaml: helm template: what the template renders is of the type array and no object; let it render "apiVersion: ..." and what follows, or nothing',
    ],
  },
  {
    what: 'a function that fails',
    files: { 'templates/a.yaml': 'a: {{ mustToDate "2006" "x" }}' },
    complaints: [
      'templates/a.yaml:1:6: helm template: <mustToDate "2006" "x">: parsing time "x" as "2006": cannot parse "x" as "2006"; correct the chart or its values',
    ],
  },
  {
    what: 'a division by zero',
    files: { 'templates/a.yaml': 'a: {{ div 1 0 }}' },
    complaints: [
      'templates/a.yaml:1:6: helm template: <div 1 0>: runtime error: integer divide by zero; correct the chart or its values',
    ],
  },
  {
    what: 'too few arguments',
    files: { 'templates/a.yaml': 'a: {{ include "x" }}' },
    complaints: [
      'templates/a.yaml:1:6: helm template: <include>: wrong number of args for include: want 2 got 1; correct the chart or its values',
    ],
  },
  {
    what: 'a comparison of two types',
    files: { 'values.yaml': 'a: "1"', 'templates/a.yaml': 'a: {{ if eq .Values.a 1 }}{{ end }}' },
    complaints: [
      'templates/a.yaml:1:9: helm template: <eq .Values.a 1>: incompatible types for comparison: string and int; correct the chart or its values',
    ],
  },
  {
    what: 'a file name with a blank',
    files: { 'templates/my file.yaml': '{{ fail "x" }}' },
    complaints: ['templates/my file.yaml:1:3: helm template: x; correct the template or its values'],
  },
  {
    what: 'a .helmignore with a broken pattern',
    files: { '.helmignore': '[\n', 'templates/a.yaml': '' },
    complaints: ['web: helm template: syntax error in pattern; correct the chart or its values'],
  },
];
