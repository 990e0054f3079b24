/** Charts whose templates fail, and what people read of it: messages of helm v4.2.3, cut to what matters. */
export interface Failure {
  readonly what: string;
  /** Below the folder of the chart, `charts/web`. */
  readonly files: Readonly<Record<string, string>>;
  readonly values?: Readonly<Record<string, unknown>>;
  readonly valuesFiles?: readonly string[];
  /** The prefix `charts/web/` left away. */
  readonly complaints: readonly string[];
}

export const SUB = { 'charts/sub/Chart.yaml': 'apiVersion: v2\nname: sub\nversion: 1.0.0\n' };

export const TEMPLATE_FAILURES: readonly Failure[] = [
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
];
