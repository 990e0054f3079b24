/** When versions of APIs came, are deprecated and go, from the code that Kubernetes generates of its own marks. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export type LifecycleTexts = Readonly<Record<string, Readonly<Record<string, string>>>>;

const GROUPS: Readonly<Record<string, string>> = {
  admissionregistration: 'admissionregistration.k8s.io',
  apidiscovery: 'apidiscovery.k8s.io',
  apiextensions: 'apiextensions.k8s.io',
  apiregistration: 'apiregistration.k8s.io',
  apiserverinternal: 'internal.apiserver.k8s.io',
  authentication: 'authentication.k8s.io',
  authorization: 'authorization.k8s.io',
  certificates: 'certificates.k8s.io',
  coordination: 'coordination.k8s.io',
  discovery: 'discovery.k8s.io',
  events: 'events.k8s.io',
  flowcontrol: 'flowcontrol.apiserver.k8s.io',
  networking: 'networking.k8s.io',
  node: 'node.k8s.io',
  rbac: 'rbac.authorization.k8s.io',
  resource: 'resource.k8s.io',
  scheduling: 'scheduling.k8s.io',
  storage: 'storage.k8s.io',
  storagemigration: 'storagemigration.k8s.io',
};

/** Returns the lifecycles by `apps/v1/Deployment`, sorted; kinds of which nothing is said are left out. */
export function readLifecycles(folders: readonly string[]): LifecycleTexts {
  const found = folders.flatMap((folder) => {
    const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' });
    return paths
      .filter((path) => path.endsWith('zz_generated.prerelease-lifecycle.go'))
      .flatMap((path) => lifecyclesOf(path, readFileSync(join(folder, path), 'utf8')));
  });
  const known = found.filter(([kind, lifecycle]) => !kind.endsWith('List') && Object.keys(lifecycle).length > 0);
  return Object.fromEntries(known.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function lifecyclesOf(path: string, text: string): readonly [string, Record<string, string>][] {
  const [folder = '', version = ''] = path.split('/').slice(-3, -1);
  const group = GROUPS[folder] ?? folder;
  const apiVersion = group === 'core' ? version : `${group}/${version}`;
  const byKind = new Map<string, Record<string, string>>();
  const calls =
    /^func \(in \*(\w+)\) APILifecycle(Introduced|Deprecated|Removed|Replacement)\(\)[^{]*\{\n\s*return (.*)\n/gm;
  for (const [, kind = '', what = '', value = ''] of text.matchAll(calls)) {
    const lifecycle = byKind.get(kind) ?? {};
    byKind.set(kind, lifecycle);
    lifecycle[what.toLowerCase()] = what === 'Replacement' ? replacementOf(value) : value.replace(', ', '.');
  }
  return [...byKind].map(([kind, lifecycle]) => [`${apiVersion}/${kind}`, lifecycle]);
}

function replacementOf(value: string): string {
  const [, group, version, kind] = /Group: "([^"]*)", Version: "([^"]*)", Kind: "([^"]*)"/.exec(value) ?? [];
  return `${group === '' ? '' : `${group}/`}${version} ${kind}`;
}
