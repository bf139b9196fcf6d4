{{/* The pod of one service or job: { root, service, command, settings, job }. */}}
{{- define "tripkey.pod" -}}
{{- $values := .root.Values -}}
{{- $service := .service -}}
serviceAccountName: {{ include "tripkey.serviceAccount" .root }}
automountServiceAccountToken: false
enableServiceLinks: false
{{- with $values.imagePullSecrets }}
imagePullSecrets: {{- toYaml . | nindent 2 }}
{{- end }}
{{- if .job }}
restartPolicy: Never
{{- end }}
# A service drains what it holds within 25 s.
terminationGracePeriodSeconds: 30
securityContext:
  runAsNonRoot: true
  runAsUser: 10001
  runAsGroup: 10001
  fsGroup: 10001
  seccompProfile: { type: RuntimeDefault }
{{- if not .job }}
topologySpreadConstraints:
  - maxSkew: 1
    topologyKey: kubernetes.io/hostname
    whenUnsatisfiable: ScheduleAnyway
    labelSelector:
      matchLabels: {{- include "tripkey.selector" . | nindent 8 }}
{{- end }}
containers:
  - name: {{ $service }}
    image: {{ include "tripkey.image" .root | quote }}
    imagePullPolicy: {{ $values.image.pullPolicy }}
    args: {{ toJson .command }}
    securityContext:
      allowPrivilegeEscalation: false
      readOnlyRootFilesystem: true
      capabilities: { drop: [ALL] }
    env:
      - name: TRIPKEY_CONFIG
        value: /etc/tripkey/tripkey.yaml
      {{- if not .job }}
      - name: TRIPKEY_HEALTH__PORT
        value: {{ .settings.healthPort | quote }}
      {{- end }}
      {{- if .settings.httpPort }}
      - name: {{ ternary "TRIPKEY_INTERACTIONS__PORT" "TRIPKEY_HTTP__PORT" (eq $service "alerter") }}
        value: {{ .settings.httpPort | quote }}
      {{- if eq $service "ingest" }}
      - name: TRIPKEY_HTTP__PARTITION
        valueFrom:
          fieldRef: { fieldPath: "metadata.labels['apps.kubernetes.io/pod-index']" }
      {{- end }}
      {{- end }}
      {{- range $index, $file := $values.secretFiles }}
      {{- if or (not $file.services) (has $service $file.services) }}
      - name: {{ $file.variable }}
        value: /run/tripkey/{{ $index }}/{{ $file.key }}
      {{- end }}
      {{- end }}
      {{- with $values.env }}
      {{- toYaml . | nindent 6 }}
      {{- end }}
    {{- if not .job }}
    ports:
      - { name: health, containerPort: {{ .settings.healthPort }} }
      {{- if .settings.httpPort }}
      - { name: http, containerPort: {{ .settings.httpPort }} }
      {{- end }}
    startupProbe:
      httpGet: { path: /livez, port: health }
      periodSeconds: 2
      failureThreshold: 60
    livenessProbe:
      httpGet: { path: /livez, port: health }
      periodSeconds: 10
      timeoutSeconds: 5
      failureThreshold: 6
    readinessProbe:
      httpGet: { path: /readyz, port: health }
      periodSeconds: 10
      timeoutSeconds: 5
    {{- end }}
    resources: {{- toYaml .settings.resources | nindent 6 }}
    volumeMounts:
      - { name: config, mountPath: /etc/tripkey, readOnly: true }
      - { name: tmp, mountPath: /tmp }
      {{- range $index, $file := $values.secretFiles }}
      {{- if or (not $file.services) (has $service $file.services) }}
      - { name: secret-{{ $index }}, mountPath: /run/tripkey/{{ $index }}, readOnly: true }
      {{- end }}
      {{- end }}
volumes:
  - name: config
    configMap: { name: {{ include "tripkey.name" .root }} }
  - name: tmp
    emptyDir: {}
  {{- range $index, $file := $values.secretFiles }}
  {{- if or (not $file.services) (has $service $file.services) }}
  - name: secret-{{ $index }}
    secret:
      secretName: {{ $file.secret }}
      defaultMode: 0440
      items: [{ key: {{ $file.key | quote }}, path: {{ $file.key | quote }} }]
  {{- end }}
  {{- end }}
{{- with $values.nodeSelector }}
nodeSelector: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $values.tolerations }}
tolerations: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $values.affinity }}
affinity: {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}
