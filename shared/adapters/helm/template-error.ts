/**
 * Errors of Go's templates name every call on the way; where it broke is the last one. Helm prints them in two ways:
 * as Go does, in one line, and taken apart in several.
 */
export interface BrokenCall {
  /** `podinfo/templates/a.yaml`, seen from the chart's name. */
  readonly file: string;
  /** `4:20`, or the line alone. */
  readonly position: string;
  /** `<.Values.a.b>`; undefined: the template does not parse. */
  readonly expression: string | undefined;
  readonly reason: string;
}

const PLACE = /^(?<file>[^:\n]+\/[^:\n]+):(?<position>[0-9]+(?::[0-9]+)?)$/;
const EXPRESSION = /^\s+executing ".*" at (?<expression><.*>):$/;
const CALL =
  /template: (?<file>[^:\n]+):(?<position>[0-9]+(?::[0-9]+)?): (?:executing "[^"\n]*" at (?<expression><[^\n]*?>): )?/g;

/** Undefined: the message is not about a template. */
export function innermostCall(message: string): BrokenCall | undefined {
  return inLines(message.split('\n')) ?? inOneLine(message);
}

function inLines(lines: readonly string[]): BrokenCall | undefined {
  const at = lines.findLastIndex((line) => PLACE.test(line));
  const { file, position } = PLACE.exec(lines[at] ?? '')?.groups ?? {};
  if (file === undefined || position === undefined) return undefined;
  const rest = lines.slice(at + 1);
  const expression = rest.map((line) => EXPRESSION.exec(line)?.groups?.expression).find((found) => found !== undefined);
  const reason = rest.filter((line) => !EXPRESSION.test(line)).join('\n');
  return inOneLine(reason, { file, position, expression }) ?? { file, position, expression, reason };
}

/** What `tpl` renders has no file: the call of it counts then, with the reason within. */
function inOneLine(message: string, outer?: Omit<BrokenCall, 'reason'>): BrokenCall | undefined {
  const calls = [...message.matchAll(CALL)];
  const last = calls.at(-1);
  if (last === undefined) return undefined;
  const reason = message.slice(last.index + last[0].length).replace(/^error calling [^:\s]+: /, '');
  const placed = calls.findLast((call) => call.groups?.file?.includes('/') === true)?.groups;
  if (placed === undefined) return outer && { ...outer, reason };
  return { file: placed.file ?? '', position: placed.position ?? '', expression: placed.expression, reason };
}
