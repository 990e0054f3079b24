/** What people read when a chart does not render: real messages of helm, cut to what matters, each with its file. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readHelmWarnings } from '../../../../shared/adapters/helm/helm-message.ts';
import { textSource } from '../folder-source.ts';
import { complaintsOf } from '../render-in.ts';

interface Failure {
  readonly what: string;
  /** Below the folder of the chart, `charts/web`. */
  readonly files: Readonly<Record<string, string>>;
  readonly values?: Readonly<Record<string, unknown>>;
  readonly valuesFiles?: readonly string[];
  /** The prefix `charts/web/` left away. */
  readonly complaints: readonly string[];
}

const SUB = { 'charts/sub/Chart.yaml': 'apiVersion: v2\nname: sub\nversion: 1.0.0\n' };

const FAILURES: readonly Failure[] = [
  {
    what: 'fail in a named template of a dependency',
    files: {
      ...SUB,
      'charts/sub/templates/_h.tpl': '{{ define "sub.x" }}\n{{ fail "no" }}{{ end }}',
      'charts/sub/templates/a.yaml': '\n{{ include "sub.x" . }}',
    },
    complaints: ['charts/sub/templates/a.yaml:2:3: helm template: no; correct the template or its values'],
  },
  {
    what: 'a failure of several lines',
    files: { 'templates/a.yaml': '{{ fail "\\n\\nVALUES:\\n  set x\\n\\n  or y\\n" }}' },
    complaints: ['templates/a.yaml:1:3: helm template: VALUES: set x, or y; correct the template or its values'],
  },
  {
    what: 'required in a named template',
    files: {
      'templates/_h.tpl': '{{ define "x" }}{{ required "need it: x.y" .Values.x }}{{ end }}',
      'templates/a.yaml': '{{ include "x" . }}',
    },
    complaints: ['templates/a.yaml:1:3: helm template: need it: x.y; correct the template or its values'],
  },
  {
    what: 'a named template that does not parse',
    files: { 'templates/_h.tpl': '{{ define "x" }}\n{{ if }}{{ end }}', 'templates/a.yaml': 'a' },
    complaints: ['templates/_h.tpl:2: helm template: missing value for if; correct the template or its values'],
  },
  {
    what: 'a template of a dependency that does not parse',
    files: { ...SUB, 'charts/sub/templates/a.yaml': 'a: {{ .Values.x' },
    complaints: ['charts/sub/templates/a.yaml:1: helm template: unclosed action; correct the template or its values'],
  },
  {
    what: 'a block that is not closed',
    files: { 'templates/a.yaml': '{{ if .Values.x }}\na: b\n' },
    complaints: ['templates/a.yaml:3: helm template: unexpected EOF; correct the template or its values'],
  },
  {
    what: 'an end too many',
    files: { 'templates/a.yaml': 'a\n{{ end }}' },
    complaints: ['templates/a.yaml:2: helm template: unexpected {{end}}; correct the template or its values'],
  },
  {
    what: 'a function that does not exist',
    files: { 'templates/a.yaml': '{{ nope 1 }}' },
    complaints: ['templates/a.yaml:1: helm template: function "nope" not defined; correct the template or its values'],
  },
  {
    what: 'a variable that does not exist',
    files: { 'templates/a.yaml': '{{ $x }}' },
    complaints: ['templates/a.yaml:1: helm template: undefined variable "$x"; correct the template or its values'],
  },
  {
    what: 'a field of a text',
    files: { 'values.yaml': 'a: text', 'templates/a.yaml': 'x: {{ .Values.a.b.c }}' },
    complaints: [
      "templates/a.yaml:1:13: helm template: <.Values.a.b.c>: can't evaluate field b in type interface {}; correct the chart or its values",
    ],
  },
  {
    what: 'an argument of the wrong type',
    files: { 'values.yaml': 'a: {b: 1}', 'templates/a.yaml': 'x: {{ .Values.a | upper }}' },
    complaints: [
      'templates/a.yaml:1:18: helm template: <upper>: wrong type for value; expected string; got map[string]interface {}; correct the chart or its values',
    ],
  },
  {
    what: 'a range over a text',
    files: { 'values.yaml': 'a: text', 'templates/a.yaml': 'x: {{ range .Values.a }}{{ end }}' },
    complaints: [
      "templates/a.yaml:1:19: helm template: <.Values.a>: range can't iterate over text; correct the chart or its values",
    ],
  },
  {
    what: 'an index out of range',
    files: { 'values.yaml': 'a: [1]', 'templates/a.yaml': 'x: {{ index .Values.a 3 }}' },
    complaints: [
      'templates/a.yaml:1:6: helm template: <index .Values.a 3>: index out of range: 3; correct the chart or its values',
    ],
  },
  {
    what: 'a nil pointer three templates deep',
    files: {
      'templates/_h.tpl':
        '{{ define "x" }}{{ include "y" . }}{{ end }}\n{{ define "y" }}{{ include "z" . }}{{ end }}\n{{ define "z" }}{{ .Values.a.b }}{{ end }}',
      'templates/a.yaml': '{{ include "x" . }}',
    },
    complaints: [
      'templates/_h.tpl:3:26: helm template: <.Values.a.b>: nil pointer evaluating interface {}.b; set the value, or give it a default in values.yaml',
    ],
  },
  {
    what: 'a template that includes itself',
    files: {
      'templates/_h.tpl': '{{ define "x" }}{{ include "x" . }}{{ end }}',
      'templates/a.yaml': '{{ include "x" . }}',
    },
    complaints: [
      'templates/_h.tpl:1:19: helm template: <include "x" .>: rendering template has a nested reference name: x: unable to execute template; let no template include itself without end',
    ],
  },
  {
    what: 'a text for tpl that does not parse',
    files: { 'values.yaml': 'a: "{{ nope }}"', 'templates/a.yaml': 'x: {{ tpl .Values.a . }}' },
    complaints: [
      'templates/a.yaml:1:6: helm template: <tpl .Values.a .>: function "nope" not defined; correct the chart or its values',
    ],
  },
  {
    what: 'a text for tpl that fails',
    files: { 'values.yaml': 'a: "{{ .Values.b.c }}"', 'templates/a.yaml': 'x: {{ tpl .Values.a . }}' },
    complaints: [
      'templates/a.yaml:1:6: helm template: <tpl .Values.a .>: nil pointer evaluating interface {}.c; set the value, or give it a default in values.yaml',
    ],
  },
  {
    what: 'the notes, which are not even shown',
    files: { 'templates/a.yaml': '', 'templates/NOTES.txt': '{{ .Values.a.b }}' },
    complaints: [
      'templates/NOTES.txt:1:10: helm template: <.Values.a.b>: nil pointer evaluating interface {}.b; set the value, or give it a default in values.yaml',
    ],
  },
  {
    what: 'a Chart.yaml that is no YAML',
    files: { 'Chart.yaml': 'apiVersion: v2\nname: [\n' },
    complaints: [
      'Chart.yaml:3:1: read YAML: the end of the text stands where a value was expected; close brackets and quotes above it, and indent it like its neighbours',
    ],
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
    complaints: [
      'charts/sub/Chart.yaml:2:1: read YAML: the end of the text stands where a value was expected; close brackets and quotes above it, and indent it like its neighbours',
    ],
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
    complaints: [
      'charts/sub/values.yaml:2:1: read YAML: the end of the text stands where a value was expected; close brackets and quotes above it, and indent it like its neighbours',
    ],
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
for (const { what, files, values = {}, valuesFiles = [], complaints } of FAILURES) {
  test(`says what is wrong with ${what}`, async () => {
    const chart = { 'Chart.yaml': 'apiVersion: v2\nname: podinfo\nversion: 1.0.0\n', ...files };
    const source = textSource(
      Object.fromEntries(Object.entries(chart).map(([at, text]) => [`charts/web/${at}`, text])),
    );
    const render = { helm: { valuesFiles: [...valuesFiles], values, includeCRDs: true } };

    const said = await complaintsOf(source, { path: 'charts/web', render });

    assert.deepEqual(
      said.map((line) => line.replace(/^charts\/web\//, '')),
      complaints,
    );
  });
}

test('names the file in the repository for what fails in a dependency by file://', async () => {
  const source = textSource({
    'charts/web/Chart.yaml':
      'apiVersion: v2\nname: web\nversion: 1.0.0\ndependencies: [{name: common, version: 1.x, repository: "file://../common", alias: base}]\n',
    'charts/common/Chart.yaml': 'apiVersion: v2\nname: common\nversion: 1.0.0\n',
    'charts/common/templates/a.yaml': '\nx: {{ .Values.a.b }}',
  });

  assert.deepEqual(await complaintsOf(source, { path: 'charts/web' }), [
    'charts/common/templates/a.yaml:2:13: helm template: <.Values.a.b>: nil pointer evaluating interface {}.b; set the value, or give it a default in values.yaml',
  ]);
});

test('reads the warnings among what helm informs of', () => {
  const printed = [
    'level=INFO msg="warning: skipped value for w.s: Not a table."',
    'level=INFO msg="something else"',
    'level=WARN msg="unable to find exact version"',
    'WARNING: This chart is deprecated',
    'plain text',
  ];

  assert.deepEqual(readHelmWarnings(printed.join('\n')), [
    'helm: skipped value for w.s: Not a table.',
    'helm: unable to find exact version',
    'helm: This chart is deprecated',
  ]);
});
