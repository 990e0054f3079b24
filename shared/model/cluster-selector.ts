import type { ClusterDeclaration, ClusterSelector } from './declarations.ts';

type Requirement = NonNullable<ClusterSelector['matchExpressions']>[number];

/**
 * Tells whether an application with this selector goes to `cluster`: every field given must match; a selector without
 * any selects nothing, so that a forgotten one does not reach the whole fleet. Label rules are those of Kubernetes
 * ("Labels and Selectors", set-based requirements): `NotIn` also holds for a label that is not there.
 */
export function selects(selector: ClusterSelector, cluster: ClusterDeclaration): boolean {
  const { name, labels } = cluster.metadata;
  const { all, names, matchLabels, matchExpressions } = selector;
  const verdicts: boolean[] = [];
  if (all === true) verdicts.push(true);
  if (names !== undefined) verdicts.push(names.includes(name));
  for (const [key, value] of Object.entries(matchLabels ?? {})) verdicts.push(labelOf(labels, key) === value);
  for (const requirement of matchExpressions ?? []) verdicts.push(meets(requirement, labelOf(labels, requirement.key)));
  return verdicts.length > 0 && verdicts.every(Boolean);
}

function meets({ operator, values }: Requirement, label: string | undefined): boolean {
  switch (operator) {
    case 'In':
      return label !== undefined && values.includes(label);
    case 'NotIn':
      return label === undefined || !values.includes(label);
    case 'Exists':
      return label !== undefined;
    case 'DoesNotExist':
      return label === undefined;
  }
}

function labelOf(labels: Readonly<Record<string, string>>, key: string): string | undefined {
  return Object.hasOwn(labels, key) ? labels[key] : undefined;
}
