import { KNOWN_KINDS } from '../health/rule-for.ts';

/** Returns the kinds with rules of their own as a table of Markdown, by group. */
export function describeKnownKinds(): string {
  const kindsByGroup = Map.groupBy(KNOWN_KINDS.map(parted), ({ group }) => group);
  const rows = [...kindsByGroup]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([group, kinds]) => {
      const names = kinds.map(({ kind }) => (kind === '*' ? 'all others' : kind)).toSorted(namedFirst);
      return `| ${group} | ${names.length === 1 && names[0] === 'all others' ? 'all' : names.join(', ')} |`;
    });
  return ['| group | kinds |', '|---|---|', ...rows].join('\n');
}

/** `ProviderConfig.*.upbound.io` is of every group that ends so, as `*.upbound.io` is. */
function parted(key: string): { readonly kind: string; readonly group: string } {
  const [kind = '', ...group] = key.split('.');
  const name = group.filter((part) => part !== '*').join('.');
  if (name === '') return { kind, group: 'core' };
  const isFamily = key.startsWith('*.') || group[0] === '*';
  return { kind, group: isFamily ? `\`${name}\` and what ends so` : `\`${name}\`` };
}

function namedFirst(a: string, b: string): number {
  if ((a === 'all others') !== (b === 'all others')) return a === 'all others' ? 1 : -1;
  return a < b ? -1 : 1;
}
