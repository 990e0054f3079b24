import type { DeclarationExample } from './declaration-example.ts';

export const CLUSTER_EXAMPLE: DeclarationExample = {
  meaning: 'A Kubernetes cluster, and what applications may know of it.',
  yaml: `apiVersion: plumbline.dev/v1
kind: Cluster
metadata: {name: prod-eu, labels: {stage: prod}}
spec:
  eks: {name: prod, region: eu-central-1}
`,
  fields: [
    { yaml: 'metadata: {name: prod-eu, labels: {stage: prod}}', of: ['metadata.name', 'metadata.labels'] },
    { yaml: 'kubeconfig: {path: ~/.kube/prod, context: prod}', of: ['kubeconfig.path', 'kubeconfig.context'] },
    {
      yaml: 'eks: {name: prod, region: eu-central-1, roleArn: "arn:aws:iam::123456789012:role/plumbline", network: inner}',
      of: ['eks.name', 'eks.region', 'eks.roleArn', 'eks.network'],
    },
    { yaml: 'parameters: {domain: eu.shop.example}', of: ['parameters'] },
    { yaml: 'kubernetesVersion: "1.36"', of: ['kubernetesVersion'] },
    { yaml: 'suspend: true', of: ['suspend'] },
  ],
};

export const CLUSTER_SET_EXAMPLE: DeclarationExample = {
  meaning: 'Every EKS cluster that carries the tags joins the fleet as if it were declared; its tags are its labels.',
  yaml: `apiVersion: plumbline.dev/v1
kind: ClusterSet
metadata: {name: shops}
spec:
  discover: {regions: [eu-central-1], tags: {fleet: shops}}
`,
  fields: [
    { yaml: 'metadata: {name: shops}', of: ['metadata.name'] },
    {
      yaml: 'discover: {regions: [eu-central-1, us-east-1], roleArns: ["arn:aws:iam::123456789012:role/look"], tags: {fleet: shops}}',
      of: ['discover.regions', 'discover.roleArns', 'discover.tags'],
    },
    { yaml: 'roleArn: "arn:aws:iam::123456789012:role/plumbline"', of: ['roleArn'] },
    { yaml: 'network: inner', of: ['network'] },
    { yaml: 'parameters: {domain: shop.example}', of: ['parameters'] },
  ],
};

export const FLEET_EXAMPLE: DeclarationExample = {
  meaning: 'What holds for the fleet as a whole; a fleet repository has one at most.',
  yaml: `apiVersion: plumbline.dev/v1
kind: Fleet
metadata: {name: shop}
spec: {}
`,
  fields: [
    { yaml: 'metadata: {name: shop}', of: ['metadata.name'] },
    { yaml: 'removalLimit: {fleet: 10%, cluster: 30%}', of: ['removalLimit.fleet', 'removalLimit.cluster'] },
    { yaml: 'verify: {mode: refuse, keys: [ana]}', of: ['verify.mode', 'verify.keys'] },
  ],
};
