/**
 * What Helm says, cut to what matters: the innermost place in a template and the reason there. The forms were collected
 * from helm v4.2.3; anything else is passed on as it is, in one line.
 */
import { innermostCall } from './template-error.ts';

export interface HelmError {
  /** `charts/web/templates/a.yaml:4:20`; undefined where Helm names none. */
  readonly place?: string;
  readonly wrong: string;
  readonly remedy: string;
}

/** Reads one form of message; `chart` is the folder of the chart. */
type Form = (message: string, chart: string) => HelmError | undefined;

const NOISE = /^(?:Use --debug flag|level=|walk\.go|\s*$)/;
const LONGEST = 1000;
const CORRECT = 'correct the template or its values';

/** Returns what went wrong, with places seen from the repository; `chartPath` is the folder of the chart. */
export function readHelmError(stderr: string, chartPath: string): HelmError {
  const lines = stderr.split('\n').filter((line) => !NOISE.test(line));
  const start = lines.findIndex((line) => line.startsWith('Error: '));
  const message = lines
    .slice(Math.max(start, 0))
    .join('\n')
    .replace(/^Error: /, '');
  for (const form of FORMS) {
    const read = form(message, chartPath);
    if (read !== undefined) return { ...read, wrong: read.wrong.slice(0, LONGEST) };
  }
  const wrong = oneLine(message).slice(0, LONGEST);
  return { wrong, remedy: remedyFor(wrong) };
}

/** Of `fail` and `required`, and of what Go's parser refuses. */
const inBrackets: Form = (message, chart) => {
  const found = /^(?:execution error|parse error) at \(([^:]+):([0-9:]+)\): (.*)$/s.exec(message);
  if (found === null) return undefined;
  const [, file = '', position = '', reason = ''] = found;
  return { place: `${inRepository(file, chart)}:${position}`, wrong: oneLine(reason), remedy: CORRECT };
};

const renderedText: Form = (message, chart) => {
  const found = /^YAML parse error on ([^:]+): (?:error converting YAML to JSON: )?(.*)$/s.exec(message);
  if (found === null) return undefined;
  const [, file = '', reason = ''] = found;
  const place = inRepository(file, chart);
  const type = /cannot unmarshal (\w+) into Go value of type util\.SimpleHead/.exec(reason)?.[1];
  if (type !== undefined) {
    const wrong = `what the template renders is of the type ${type} and no object`;
    return { place, wrong, remedy: 'let it render "apiVersion: ..." and what follows, or nothing' };
  }
  const remedy = 'correct the indentation and quoting; the line counts in the rendered text';
  return { place, wrong: `what the template renders is no YAML: ${oneLine(reason)}`, remedy };
};

const templateError: Form = (message, chart) => {
  const call = innermostCall(message);
  if (call === undefined) return undefined;
  const reason = oneLine(call.reason);
  const wrong = call.expression === undefined ? reason : `${call.expression}: ${reason}`;
  return { place: `${inRepository(call.file, chart)}:${call.position}`, wrong, remedy: remedyFor(reason) };
};

/** A dependency that does not load: what is wrong stands in its own folder. */
const dependency: Form = (message, chart) => {
  const found = /^error unpacking subchart (\S+) in \S+: (.*)$/s.exec(message);
  if (found === null) return undefined;
  const [, name = '', reason = ''] = found;
  const folder = `${chart === '' ? '' : `${chart}/`}charts/${name}`;
  const inner = dependency(reason, folder) ??
    ofChart(reason, folder) ?? { wrong: oneLine(reason), remedy: 'correct the dependency' };
  return { place: folder, ...inner };
};

/** What is wrong with a file of the chart itself. */
const ofChart: Form = (message, chart) => {
  const at = (file: string): string => inRepository(`x/${file}`, chart);
  const unloaded = /^cannot load (\S+): (.*)$/s.exec(message);
  if (unloaded !== null) {
    const [, file = '', reason = ''] = unloaded;
    return { place: at(file), wrong: withoutGo(reason), remedy: `correct ${file}` };
  }
  if (/^validation: chart\.metadata|^unsupported chart version/.test(message)) {
    return { place: at('Chart.yaml'), wrong: oneLine(message), remedy: 'correct Chart.yaml' };
  }
  if (message.startsWith('library charts are not installable')) {
    const remedy = 'name a chart that is no library; a library is for other charts to depend on';
    return { place: at('Chart.yaml'), wrong: oneLine(message), remedy };
  }
  return undefined;
};

/** A values file, by the path that Helm was given. */
const valuesFile: Form = (message) => {
  const [, place, reason = ''] = /^failed to parse (.+?): (.*)$/s.exec(message) ?? [];
  if (place === undefined) return undefined;
  return { place, wrong: withoutGo(reason), remedy: 'write a map of values there' };
};

/** Helm prints the value itself, in Go's way. */
const typeMismatch: Form = (message) => {
  const name = /^type mismatch on ([^:\s]+): /.exec(message)?.[1];
  if (name === undefined) return undefined;
  return { wrong: `the values of the dependency ${name} are no map`, remedy: `give a map at ${name}` };
};

const FORMS: readonly Form[] = [
  ...[inBrackets, renderedText, templateError, dependency],
  ...[ofChart, valuesFile, typeMismatch],
];

function withoutGo(reason: string): string {
  if (/cannot unmarshal \w+ into Go value of type map/.test(reason)) return 'it is no map';
  return oneLine(reason.replace(/^.*error converting YAML to JSON: /s, ''));
}

/** Helm names files from the chart's name; people know them from the root of the repository. */
function inRepository(file: string, chart: string): string {
  const below = file.split('/').slice(1).join('/');
  return chart === '' ? below : `${chart}/${below}`;
}

function remedyFor(message: string): string {
  if (message.includes('nil pointer evaluating')) return 'set the value, or give it a default in values.yaml';
  if (message.includes('schema')) return 'correct the values';
  if (message.includes('requires kubeVersion')) return 'choose a version of the chart that is made for this cluster';
  if (message.includes('release name')) return 'set render.helm.releaseName';
  if (message.includes('nested reference')) return 'let no template include itself without end';
  return 'correct the chart or its values';
}

/** Returns Helm's warnings, one each. */
export function readHelmWarnings(stderr: string): readonly string[] {
  return stderr.split('\n').flatMap((line) => {
    const logged = /^level=(?:WARN\S*|INFO) msg=(?:"(?<quoted>(?:[^"\\]|\\.)*)"|(?<bare>\S+))/.exec(line)?.groups;
    const text = logged?.quoted ?? logged?.bare;
    if (text !== undefined) {
      // What it only informs of is of no interest here, but it informs of warnings too.
      const warning = /^warning: (.*)$/.exec(text)?.[1] ?? (line.startsWith('level=WARN') ? text : undefined);
      return warning === undefined ? [] : [`helm: ${warning}`];
    }
    const printed = /^WARNING: (?<text>.*)$/.exec(line)?.groups;
    return printed?.text === undefined ? [] : [`helm: ${printed.text}`];
  });
}

function oneLine(text: string): string {
  return text
    .split('\n')
    .map((line) => line.trim().replace(/^- /, ''))
    .filter((line) => line !== '')
    .join(', ')
    .replaceAll(/([:;]),/g, '$1');
}
