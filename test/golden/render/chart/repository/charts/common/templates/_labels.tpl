{{- define "common.labels" }}{app: {{ .Release.Name }}}{{ end }}
