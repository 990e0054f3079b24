/**
 * What the document calls required, or the Go types enumerate, and the API server takes otherwise: found by asking one
 * (test/unit/validate/against-server.test.ts). `type/field` for required fields, `type/field=` for enumerations.
 */
export const NOT_CHECKED_BY_SERVER: ReadonlySet<string> = new Set([
  'io.k8s.api.apps.v1.StatefulSetSpec/serviceName',
  'io.k8s.api.batch.v1.PodFailurePolicy/rules',
  'io.k8s.api.core.v1.HTTPHeader/value',
  'io.k8s.api.core.v1.LimitRangeSpec/limits',
  'io.k8s.api.core.v1.PreferredSchedulingTerm/preference',
  'io.k8s.api.core.v1.Sysctl/value',
  'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinitionVersion/served',
]);

/**
 * Of the fields that no test has tried, those are not taken for needed in which nothing is something: a list without
 * entries, false. These were tried, and are.
 */
export const CHECKED_BY_SERVER: ReadonlySet<string> = new Set([
  'io.k8s.api.admissionregistration.v1.ValidatingWebhook/admissionReviewVersions',
  'io.k8s.api.core.v1.NodeSelector/nodeSelectorTerms',
  'io.k8s.api.core.v1.PodSpec/containers',
  'io.k8s.api.networking.v1.HTTPIngressRuleValue/paths',
  'io.k8s.api.rbac.v1.PolicyRule/verbs',
  'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinitionSpec/versions',
]);
