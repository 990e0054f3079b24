/**
 * What Helm says, cut to what matters: the innermost place in a template and the reason there. The forms were collected
 * from helm v4.2.3; anything else is passed on as it is, in one line.
 */
export interface HelmError {
  /** `charts/web/templates/a.yaml:4:20`; undefined where Helm names none. */
  readonly place?: string;
  readonly wrong: string;
  readonly remedy: string;
}

const NOISE = /^(?:Use --debug flag|level=|walk\.go|\s*$)/;
const TEMPLATE_PLACE = /^(?:Error: )?(?<file>[^\s:]+\/[^\s:]+):(?<position>[0-9]+(?::[0-9]+)?)$/;
const EXPRESSION = /^\s+executing ".*" at (?<expression><.*>):$/;
const IN_BRACKETS =
  /^Error: (?:execution error|parse error) at \((?<file>[^\s:]+):(?<position>[0-9:]+)\): (?<reason>.*)$/s;
const RENDERED_YAML =
  /^Error: YAML parse error on (?<file>[^\s:]+): (?:error converting YAML to JSON: )?(?<reason>.*)$/s;

/** Returns what went wrong, with places seen from the repository; `chartPath` is the folder of the chart. */
export function readHelmError(stderr: string, chartPath: string): HelmError {
  const lines = stderr.split('\n').filter((line) => !NOISE.test(line));
  const start = lines.findIndex((line) => line.startsWith('Error: '));
  const message = lines.slice(Math.max(start, 0)).join('\n');
  const bracketed = IN_BRACKETS.exec(message)?.groups;
  if (bracketed !== undefined) {
    const place = `${inRepository(bracketed.file, chartPath)}:${bracketed.position}`;
    return { place, wrong: oneLine(bracketed.reason), remedy: 'correct the template or its values' };
  }
  const rendered = RENDERED_YAML.exec(message)?.groups;
  if (rendered !== undefined) {
    const wrong = `what the template renders is no YAML: ${oneLine(rendered.reason)}`;
    const remedy = 'correct the indentation and quoting; the line counts in the rendered text';
    return { place: inRepository(rendered.file, chartPath), wrong, remedy };
  }
  const wrong = oneLine(message.replace(/^Error: /, ''));
  if (wrong.startsWith('validation: chart.metadata')) {
    return { place: inRepository('x/Chart.yaml', chartPath), wrong, remedy: 'correct Chart.yaml' };
  }
  return innermost(lines, chartPath) ?? { wrong, remedy: remedyFor(message) };
}

/** Go's template errors name every call on the way; the last place is where it broke. */
function innermost(lines: readonly string[], chartPath: string): HelmError | undefined {
  const at = lines.findLastIndex((line) => TEMPLATE_PLACE.test(line));
  const { file, position } = TEMPLATE_PLACE.exec(lines[at] ?? '')?.groups ?? {};
  if (file === undefined) return undefined;
  const rest = lines.slice(at + 1);
  const expression = rest.map((line) => EXPRESSION.exec(line)?.groups?.expression).find((found) => found !== undefined);
  const reason = oneLine(rest.filter((line) => !EXPRESSION.test(line)).join('\n'));
  const wrong = expression === undefined ? reason : `${expression}: ${reason}`;
  return { place: `${inRepository(file, chartPath)}:${position}`, wrong, remedy: remedyFor(reason) };
}

/** Helm names files from the chart's name; people know them from the root of the repository. */
function inRepository(file: string | undefined, chartPath: string): string {
  const below = (file ?? '').split('/').slice(1).join('/');
  return chartPath === '' ? below : `${chartPath}/${below}`;
}

function remedyFor(message: string): string {
  if (message.includes('nil pointer evaluating')) return 'set the value, or give it a default in values.yaml';
  if (message.includes('schema')) return 'correct the values';
  if (message.includes('requires kubeVersion')) return 'choose a version of the chart that is made for this cluster';
  if (message.includes('release name')) return 'set render.helm.releaseName';
  return 'correct the chart or its values';
}

/** Returns Helm's warnings, one each. */
export function readHelmWarnings(stderr: string): readonly string[] {
  return stderr.split('\n').flatMap((line) => {
    const logged = /^level=WARN\S* msg=(?:"(?<quoted>(?:[^"\\]|\\.)*)"|(?<bare>\S+))/.exec(line)?.groups;
    if (logged !== undefined) return [`helm: ${logged.quoted ?? logged.bare ?? ''}`];
    const printed = /^WARNING: (?<text>.*)$/.exec(line)?.groups;
    return printed?.text === undefined ? [] : [`helm: ${printed.text}`];
  });
}

function oneLine(text: string | undefined): string {
  return (text ?? '')
    .split('\n')
    .map((line) => line.trim().replace(/^- /, ''))
    .filter((line) => line !== '')
    .join(', ')
    .replaceAll(/([:;]),/g, '$1')
    .slice(0, 1000);
}
