{{/* The name of everything that is installed: the release's, with the chart's behind it unless it says so already. */}}
{{- define "segmentation-operator.fullname" -}}
{{- $name := ternary .Release.Name (printf "%s-%s" .Release.Name .Chart.Name) (contains .Chart.Name .Release.Name) -}}
{{- default $name .Values.fullnameOverride | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{/* What the pods are found by; never changes in the life of a release. */}}
{{- define "segmentation-operator.selectorLabels" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "segmentation-operator.labels" -}}
{{ include "segmentation-operator.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end -}}

{{/* Name, namespace and labels of an object of the release. */}}
{{- define "segmentation-operator.metadata" -}}
name: {{ include "segmentation-operator.fullname" . }}
namespace: {{ .Release.Namespace }}
labels:
  {{- include "segmentation-operator.labels" . | nindent 2 }}
{{- end -}}

{{- define "segmentation-operator.serviceAccountName" -}}
{{- default (ternary (include "segmentation-operator.fullname" .) "default" .Values.serviceAccount.create) .Values.serviceAccount.name | quote -}}
{{- end -}}

{{/* Whom the operator's roles are given to. */}}
{{- define "segmentation-operator.subject" -}}
- kind: ServiceAccount
  name: {{ include "segmentation-operator.serviceAccountName" . }}
  namespace: {{ .Release.Namespace }}
{{- end -}}

{{/* The operator's settings, name to value. */}}
{{- define "segmentation-operator.settings" -}}
{{- $name := include "segmentation-operator.fullname" . -}}
{{- $settings := dict "Kubernetes__LeaderElection__LeaseNamespace" .Release.Namespace "Http__TokenSecret" .Values.http.tokenSecret "Http__ShutdownDelay" .Values.http.shutdownDelay -}}
{{- /* Two releases in one namespace must not share a lease. */ -}}
{{- if ne $name .Chart.Name }}{{ $_ := set $settings "Kubernetes__LeaderElection__LeaseName" $name }}{{ end -}}
{{- if not .Values.redis.existingSecret -}}
{{- $redis := required "redis.configuration is empty; give the address of Redis there, or the name of a Secret in redis.existingSecret" .Values.redis.configuration -}}
{{- $_ := set $settings "Redis__Configuration" (tpl $redis .) -}}
{{- end -}}
{{- range $index, $namespace := .Values.watchNamespaces }}{{ $_ := set $settings (printf "Kubernetes__Namespaces__%d" $index) $namespace }}{{ end -}}
{{- /* A number as JSON writes it: as text, 1000000 would become 1e+06. */ -}}
{{- range $key, $value := .Values.settings }}{{ $_ := set $settings $key (kindIs "string" $value | ternary $value (toJson $value)) }}{{ end -}}
{{- toYaml $settings -}}
{{- end -}}
