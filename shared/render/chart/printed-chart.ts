/** What `helm template` prints, with the template that each object came from. */
import { joinPath } from '../file-tree.ts';
import type { RenderInput } from '../input.ts';
import { type ReadObjects, throwProblems } from '../read-objects.ts';
import { objectsWithVariables } from '../variables/substitute-documents.ts';
import { parseYaml, type YamlDocument } from '../yaml.ts';
import { type DocumentText, splitDocuments, type YamlFault } from '../yaml-stream.ts';
import { originOf } from './chart-places.ts';

/** @throws {PlumblineError} RenderFailed with everything that is no YAML or no object, each with its template. */
export function readPrinted(yaml: string, input: RenderInput): ReadObjects {
  const sources = sourcesOf(splitDocuments(yaml).documents, input);
  const { documents, faults } = parseYaml(yaml);
  const sourceOf = ({ index }: YamlDocument) => ({ path: sources[index]?.path ?? input.path });
  const read = objectsWithVariables(documents, sourceOf, input);
  throwProblems([...faults.map((fault) => problemInTemplate(fault, sources, input.path)), ...read.problems]);
  return read;
}

interface PrintedFrom {
  /** Line of the output that the first line of what was rendered stands on. */
  readonly line: number;
  /** Template in the repository. */
  readonly path: string;
}

/** Helm writes `# Source: chart/templates/a.yaml` above each document; those of a CRD file share the first one's. */
function sourcesOf(documents: readonly DocumentText[], input: RenderInput): readonly PrintedFrom[] {
  let path = input.path;
  return documents.map(({ text, line, contentStart }) => {
    const header = /^# Source: [^/\n]+\/(.+)\n/m.exec(text.slice(0, contentStart));
    const named = header?.[1]?.trim();
    if (named !== undefined) path = originOf(joinPath(input.path, named), input);
    const above = text.slice(0, (header?.index ?? 0) + (header?.[0].length ?? 0)).split('\n').length - 1;
    return { line: line + above, path };
  });
}

function problemInTemplate(fault: YamlFault, sources: readonly PrintedFrom[], chart: string) {
  const source = sources.findLast(({ line }) => line <= fault.line) ?? { line: 1, path: chart };
  const wrong = `what the template renders is no YAML that kubectl reads: ${fault.wrong}`;
  const remedy = `${fault.remedy} (line ${fault.line - source.line + 1} of what it renders)`;
  return { code: 'RenderFailed', subject: source.path, act: 'render', wrong, remedy } as const;
}
