import type { DeclarationKind } from '../declaration-schema.ts';
import { APPLICATION_EXAMPLE } from './application-example.ts';
import { APPLICATION_TEMPLATE_EXAMPLE } from './application-template-example.ts';
import { CLUSTER_EXAMPLE, CLUSTER_SET_EXAMPLE, FLEET_EXAMPLE } from './cluster-examples.ts';
import type { DeclarationExample } from './declaration-example.ts';
import { REPOSITORY_EXAMPLE, TRUSTED_KEY_EXAMPLE } from './repository-examples.ts';

export const DECLARATION_EXAMPLES: Readonly<Record<DeclarationKind, DeclarationExample>> = {
  Application: APPLICATION_EXAMPLE,
  ApplicationTemplate: APPLICATION_TEMPLATE_EXAMPLE,
  Cluster: CLUSTER_EXAMPLE,
  ClusterSet: CLUSTER_SET_EXAMPLE,
  Fleet: FLEET_EXAMPLE,
  Repository: REPOSITORY_EXAMPLE,
  TrustedKey: TRUSTED_KEY_EXAMPLE,
};

/** Returns the example that shows a field (`spec.sync.prune`), or one within it; undefined: there is none. */
export function exampleOf(kind: DeclarationKind, path: string): string | undefined {
  const short = path.replace(/^spec\./, '');
  const { fields } = DECLARATION_EXAMPLES[kind];
  const isWithin = (one: string) => one.startsWith(`${short}.`) || one.startsWith(`${short}[`);
  return (fields.find(({ of }) => of.includes(short)) ?? fields.find(({ of }) => of.some(isWithin)))?.yaml;
}
