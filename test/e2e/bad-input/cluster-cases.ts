import type { BadCase } from './bad-case.ts';
import { configMapYaml } from './fleet-files.ts';

const fixed = (color: string) =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web-fixed}\nimmutable: true\ndata: {color: ${color}, value: "1"}\n`;

const deployment = (label: string) => `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 0
  selector: {matchLabels: {app: ${label}}}
  template:
    metadata: {labels: {app: ${label}}}
    spec: {containers: [{name: web, image: web}]}
`;

/** Mistakes that only the cluster can find: the object is refused, its neighbours are applied, nothing is pruned. */
export const CLUSTER_CASES: readonly BadCase[] = [
  {
    name: 'a render to nothing',
    bad: { 'apps/web/web.yaml': '# everything was taken out\n' },
    code: 'GuardRefused',
    says: 'Application web: plan: it renders to nothing, which would delete its 2 objects; bring the manifests back, or set sync.allowEmpty: true to delete them all; or let exactly this happen: plumbline approve web --cluster target --refusal DIGEST',
    holds: 'application',
  },
  {
    name: 'an object of an unknown kind',
    bad: { 'apps/web/gadget.yaml': 'apiVersion: example.com/v1\nkind: Gadget\nmetadata: {name: web}\n' },
    code: 'KindUnknown',
    says: 'Gadget.example.com/web: apply: the cluster does not serve Gadget in example.com/v1; correct apiVersion or kind, or declare the CustomResourceDefinition in this application or in one that it depends on',
    holds: 'object',
  },
  {
    name: 'an object of a known kind in an unknown version',
    bad: { 'apps/web/gadget.yaml': 'apiVersion: apps/v7\nkind: Deployment\nmetadata: {name: web}\n' },
    code: 'KindUnknown',
    says: 'Deployment.apps/NAMESPACE/web: apply: the cluster does not serve Deployment in apps/v7; write apiVersion: apps/v1, which it serves',
    holds: 'object',
  },
  {
    name: 'a field that the schema does not know',
    bad: { 'apps/web/colour.yaml': `${configMapYaml('colour', 'x')}colour: red\n` },
    code: 'ConfigInvalid',
    says: 'ConfigMap/NAMESPACE/colour: apply: .colour: field not declared in schema; correct the object in the repository',
    holds: 'object',
  },
  {
    name: 'another value of an immutable field',
    web: () => ({ 'apps/web/fixed.yaml': fixed('red') }),
    bad: { 'apps/web/fixed.yaml': fixed('blue') },
    code: 'ImmutableField',
    says: 'ConfigMap/NAMESPACE/web-fixed: apply: data cannot be changed once it is set: field is immutable when `immutable` is set; keep its value, or let the object be deleted and made anew: annotation `plumbline.dev/replace: "true"`',
    holds: 'object',
  },
  {
    name: 'another selector of a Deployment',
    web: () => ({ 'apps/web/deployment.yaml': deployment('web') }),
    bad: { 'apps/web/deployment.yaml': deployment('shop') },
    code: 'ImmutableField',
    says: 'Deployment.apps/NAMESPACE/web: apply: spec.selector cannot be changed once it is set: field is immutable; keep its value, or let the object be deleted and made anew: annotation `plumbline.dev/replace: "true"`',
    holds: 'object',
  },
];
