/**
 * What `kubectl kustomize` says, cut to what matters. Its messages wrap one another once a level of bases; the innermost
 * names the folder and the reason. The forms were collected from kubectl v1.36.3 (kustomize v5.8.1).
 */
export interface KustomizeError {
  /** The kustomization or the file, with the line where kustomize names one. */
  readonly place?: string;
  readonly wrong: string;
  readonly remedy: string;
}

const LEVEL = /(?:recursed accumulation of path|couldn't make target for path) '(?<folder>[^']*)': /g;
const BOTH_FAILED = /^accumulation err='(?<reason>.*?)': must build at directory: .*$/s;
const FROM_FILE = /^(?:accumulating|merging) resources from '[^']*': (?<reason>.*)$/s;
const YAML_ERROR = /^MalformedYAMLError: yaml: (?:line (?<line>[0-9]+): )?(?<reason>.*?)(?: in File: (?<file>\S+))?$/s;

/** Returns what went wrong; places are seen from the folder that kustomize ran in. */
export function readKustomizeError(stderr: string): KustomizeError {
  const message = stderr
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('# Warning:'))
    .join(' ')
    .replace(/^error: /, '');
  const levels = [...message.matchAll(LEVEL)];
  const last = levels.at(-1);
  const folder = last?.groups?.folder;
  const innermost = last === undefined ? message : message.slice(last.index + last[0].length);
  const { file, line, reason } = peel(innermost);
  const place = folder === undefined ? undefined : placeOf(folder, file, line);
  const wrong = reason.slice(0, 1000);
  return { ...(place === undefined ? {} : { place }), wrong, remedy: remedyFor(reason) };
}

interface Peeled {
  readonly file?: string;
  readonly line?: string;
  readonly reason: string;
}

function peel(message: string): Peeled {
  const plain = message.replace(/^(?:accumulating (?:resources|components): )+/, '');
  const inner = BOTH_FAILED.exec(plain)?.groups?.reason ?? FROM_FILE.exec(plain)?.groups?.reason;
  if (inner !== undefined) return peel(inner);
  const { file, line, reason } = YAML_ERROR.exec(plain)?.groups ?? {};
  if (file === undefined || reason === undefined) return { reason: plain };
  return { file, reason, ...(line === undefined ? {} : { line }) };
}

function placeOf(folder: string, file = 'kustomization.yaml', line?: string): string {
  const path = folder === '.' ? file : `${folder}/${file}`;
  return line === undefined ? path : `${path}:${line}`;
}

function remedyFor(reason: string): string {
  if (reason.startsWith('security;'))
    return 'move the file into the folder of the kustomization, or give its folder a kustomization of its own';
  if (reason.includes('already registered id')) return 'name each object once';
  if (reason.includes('no matches for Id') || reason.includes('no resource matches'))
    return 'correct the target of the patch';
  if (reason.includes('unknown field')) return 'take the field out of the kustomization, or correct its name';
  return 'correct the kustomization';
}

/** Returns kustomize's warnings, one each, without its advice to run a program that is not here. */
export function readKustomizeWarnings(stderr: string): readonly string[] {
  return stderr.split('\n').flatMap((line) => {
    const text = /^# Warning: (?<text>.*?)(?: Run 'kustomize edit fix'.*)?$/.exec(line)?.groups?.text;
    return text === undefined ? [] : [`kustomize: ${text}`];
  });
}
