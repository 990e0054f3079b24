/** Tells whether `labels` fit a selector of the forms `k=v`, `k!=v`, `k in (a,b)`, `k` and `!k`, joined by commas. */
export function matchesSelector(labels: Readonly<Record<string, string>>, selector: string): boolean {
  const requirements = selector.match(/[^,(]+(?:\([^)]*\))?/g) ?? [];
  return requirements.every((requirement) => meets(labels, requirement.trim()));
}

function meets(labels: Readonly<Record<string, string>>, requirement: string): boolean {
  const [, name = '', values] = /^(\S+) in \(([^)]*)\)$/.exec(requirement) ?? [];
  if (values !== undefined) return values.split(',').some((value) => value.trim() === labels[name]);
  if (requirement.startsWith('!')) return !(requirement.slice(1) in labels);
  const [, key = requirement, not, value] = /^([^!=]+)(!?)==?(.*)$/.exec(requirement) ?? [];
  if (value === undefined) return key in labels;
  return (labels[key] === value) === (not === '');
}
