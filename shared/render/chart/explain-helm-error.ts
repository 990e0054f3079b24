/** An error of Helm's as people of the repository need it: files where they stand, lines as they wrote them. */
import { PlumblineError } from '../../errors.ts';
import type { Problem } from '../../model/problem.ts';
import { joinPath } from '../file-tree.ts';
import type { RenderInput } from '../input.ts';
import { placeInValues } from '../values-place.ts';
import { parseYaml, problemOfFault } from '../yaml.ts';
import { seenFromRepository } from './chart-call.ts';
import { originOf } from './chart-places.ts';
import type { ChartTemplates } from './chart-templates.ts';
import { type RefusedLookup, readRefusedLookup, withoutAnswers } from './lookup-calls.ts';

interface Context {
  readonly input: RenderInput;
  readonly templates: ChartTemplates;
}

export function explainHelmError(error: unknown, { input, templates }: Context): unknown {
  if (!(error instanceof PlumblineError)) return error;
  const [problem] = error.problems;
  const refused = readRefusedLookup(problem.wrong);
  if (refused !== undefined) return new PlumblineError([unlisted(refused)], { cause: error });
  const seen = {
    ...problem,
    subject: placeInRepository(seenFromRepository(problem.subject), { input, templates }),
    wrong: withoutAnswers(seenFromRepository(problem.wrong)),
  };
  const { files, path, valuesFiles = [] } = input;
  const read = unreadable(seenFromRepository(problem.subject), input);
  if (read !== undefined) return new PlumblineError(read, { cause: error });
  return placeInValues(new PlumblineError([seen], { cause: error }), {
    files,
    chart: path,
    valuesFiles: [joinPath(path, 'values.yaml'), ...valuesFiles],
  });
}

/** Returns what our own reader finds wrong in a file that Helm could not read: unlike Helm's, it has lines and columns. */
function unreadable(path: string, input: RenderInput): readonly [Problem, ...Problem[]] | undefined {
  const isData = /(?:^|\/)(?:Chart|values)\.yaml$/.test(path) || input.valuesFiles?.includes(path) === true;
  const content = isData ? input.files.get(path) : undefined;
  if (content === undefined) return undefined;
  const { faults } = parseYaml(new TextDecoder().decode(content));
  const [first, ...others] = faults.map((fault) => problemOfFault(fault, { subject: originOf(path, input) }));
  return first && [first, ...others];
}

function placeInRepository(place: string, { input, templates }: Context): string {
  const [, path = place, line, column] = /^(.*?)(?::([0-9]+))?(?::([0-9]+))?$/s.exec(place) ?? [];
  const answered = templates.answered.get(path);
  const known = originOf(path, input);
  if (line === undefined) return known;
  if (column === undefined) return `${known}:${line}`;
  return `${known}:${line}:${answered?.columnBefore(Number(line), Number(column)) ?? column}`;
}

function unlisted({ place, wanted }: RefusedLookup): Problem {
  const { apiVersion, kind, namespace, name } = wanted;
  const where = namespace === '' ? '' : ` in namespace ${namespace}`;
  const what = name === '' ? `all ${kind} (${apiVersion})` : `${kind} ${name} (${apiVersion})`;
  const fields = [
    ...[`apiVersion: ${apiVersion}`, `kind: ${kind}`],
    ...(namespace === '' ? [] : [`namespace: ${namespace}`]),
    ...(name === '' ? [] : [`name: ${name}`]),
  ];
  return {
    code: 'RenderFailed',
    subject: place,
    act: 'render',
    wrong: `the template looks up ${what}${where}, which the application does not list`,
    remedy: `add {${fields.join(', ')}} to render.helm.lookup`,
  };
}
