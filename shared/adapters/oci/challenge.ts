/** What a registry asks for: `WWW-Authenticate`, RFC 9110 section 11.6.1. */
export interface Challenge {
  /** Lower case: `basic`, `bearer`. */
  readonly scheme: string;
  readonly parameters: ReadonlyMap<string, string>;
}

const PARAMETER = /^\s*,?\s*([A-Za-z0-9!#$%&'*+.^_`|~-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s",]+))/;
const SCHEME = /^\s*,?\s*([A-Za-z0-9!#$%&'*+.^_`|~-]+)(?=\s|$|,)(?!\s*=)/;

/** Returns the challenges of a header in their order; what is none of the kind ends the list. */
export function parseChallenges(header: string | undefined): readonly Challenge[] {
  const challenges: { scheme: string; parameters: Map<string, string> }[] = [];
  let rest = (header ?? '').slice(0, 8_192);
  while (rest.trim() !== '') {
    const parameter = PARAMETER.exec(rest);
    const [matched, name] = parameter ?? SCHEME.exec(rest) ?? [];
    if (matched === undefined || name === undefined) break;
    rest = rest.slice(matched.length);
    if (parameter === null) challenges.push({ scheme: name.toLowerCase(), parameters: new Map() });
    else challenges.at(-1)?.parameters.set(name.toLowerCase(), unescaped(parameter[2]) ?? parameter[3] ?? '');
  }
  return challenges;
}

function unescaped(quoted: string | undefined): string | undefined {
  return quoted?.replace(/\\(.)/g, '$1');
}
