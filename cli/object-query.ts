import type { ObjectQuery } from '../shared/job/explain-object.ts';
import { badArgument } from './bad-argument.ts';

/** The short names that people type most; kubectl reads its own from the cluster. */
const SHORT_NAMES: Readonly<Record<string, string>> = {
  cj: 'cronjob',
  cm: 'configmap',
  crd: 'customresourcedefinition',
  deploy: 'deployment',
  ds: 'daemonset',
  hpa: 'horizontalpodautoscaler',
  ing: 'ingress',
  netpol: 'networkpolicy',
  no: 'node',
  ns: 'namespace',
  pdb: 'poddisruptionbudget',
  po: 'pod',
  pvc: 'persistentvolumeclaim',
  rs: 'replicaset',
  sa: 'serviceaccount',
  sts: 'statefulset',
  svc: 'service',
};

/** Returns what `kind/name`, `kind.group/name` or `Kind.group/namespace/name` asks for. @throws {ConfigInvalid} */
export function readObjectQuery(text: string, namespace: string | undefined): ObjectQuery {
  const [groupKind = '', ...place] = text.split('/');
  const name = place.at(-1);
  if (groupKind === '' || name === undefined || name === '' || place.length > 2) {
    throw badArgument(text, 'it is not of the form kind/name', 'write `deployment/podinfo -n podinfo`');
  }
  const dot = groupKind.indexOf('.');
  const kind = dot < 0 ? groupKind : groupKind.slice(0, dot);
  const inNamespace = place.length === 2 ? place[0] : namespace;
  return {
    kind: SHORT_NAMES[kind.toLowerCase()] ?? kind,
    name,
    ...(dot < 0 ? {} : { group: groupKind.slice(dot + 1) }),
    ...(inNamespace === undefined ? {} : { namespace: inNamespace }),
  };
}
