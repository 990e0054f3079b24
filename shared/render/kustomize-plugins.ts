/**
 * Generators, transformers and validators of a kustomization. The builtin ones may name files; all others would run a
 * program or a container, which is never done.
 */
import { isJsonObject, type Json, type JsonObject } from '../model/json.ts';
import { addReference, type ClosureBuilder, type Complaint, complain, type Subject } from './closure-builder.ts';
import { pluginReferences, type Reference } from './kustomization-references.ts';
import { isReadable } from './kustomize-restrictions.ts';
import { placeIn, type Referrer } from './referrer.ts';
import { parseYaml, problemOfFault, type YamlDocument } from './yaml.ts';

interface Plugin {
  readonly settings: JsonObject;
  /** Which document of the text it is. */
  readonly index: number;
  /** Where it stands in the document: an item of a List has a place of its own. */
  readonly at: readonly (string | number)[];
}

const FUNCTION_ANNOTATIONS = ['config.kubernetes.io/function', 'config.k8s.io/function'];

/** Collects what the plugins in a file name. Their paths are relative to the folder of the kustomization that uses them. */
export async function collectPluginFile(builder: ClosureBuilder, path: string, folder: string): Promise<void> {
  const text = new TextDecoder().decode(await builder.tree.read(path));
  const { documents, faults } = parseYaml(text);
  builder.problems.push(...faults.map((fault) => problemOfFault(fault, { subject: path })));
  for (const plugin of documents.flatMap(pluginsOf)) {
    const referrer: Referrer = { path, text, index: plugin.index, folder };
    await collectPlugin(builder, plugin, {
      folder,
      placeOf: (field) => () => placeIn(referrer, [...plugin.at, ...field]),
    });
  }
}

/** Collects what plugins name that stand as a text in a kustomization, at `subject`. */
export async function collectInlinePlugins(
  builder: ClosureBuilder,
  text: string,
  { folder, subject }: { readonly folder: string; readonly subject: Subject },
): Promise<void> {
  for (const plugin of parseYaml(text).documents.flatMap(pluginsOf)) {
    await collectPlugin(builder, plugin, { folder, placeOf: () => subject });
  }
}

interface Use {
  readonly folder: string;
  readonly placeOf: (field: Reference['at']) => Subject;
}

async function collectPlugin(builder: ClosureBuilder, plugin: Plugin, { folder, placeOf }: Use): Promise<void> {
  const complaint = complaintAbout(plugin);
  if (complaint !== undefined) return complain(builder, placeOf(['kind']), complaint);
  for (const { at, value: reference } of pluginReferences(plugin.settings)) {
    const found = await addReference(builder, placeOf(at), { folder, reference });
    if (found?.found === 'file') isReadable(builder, placeOf(at), { file: found.path, folder, reference });
  }
}

function pluginsOf({ document, index }: YamlDocument): readonly Plugin[] {
  if (!isJsonObject(document)) return [];
  if (!String(document.kind).endsWith('List') || !Array.isArray(document.items))
    return [{ settings: document, index, at: [] }];
  return document.items.flatMap((item: Json, place: number) =>
    isJsonObject(item) ? [{ settings: item, index, at: ['items', place] }] : [],
  );
}

/** Returns why a plugin is not run; undefined: it is builtin, and reads nothing but files. */
function complaintAbout({ settings }: Plugin): Complaint | undefined {
  const { apiVersion, kind, metadata } = settings;
  const name = `${String(kind)} of ${String(apiVersion)}`;
  if (isFunction(metadata)) {
    const remedy = 'commit what the function makes, or use the builtin generators and transformers';
    return { wrong: `${name} is a function that runs a program or a container, which is not done`, remedy };
  }
  if (kind === 'HelmChartInflationGenerator') {
    const remedy = 'declare the chart as an application of its own, or commit what it renders to';
    return { wrong: `${name} would make kustomize run Helm and fetch charts, which is not done`, remedy };
  }
  if (apiVersion === 'builtin') return undefined;
  const remedy = 'use the builtin generators and transformers, or commit what the plugin makes';
  return { wrong: `${name} is a kustomize plugin that runs a program`, remedy };
}

function isFunction(metadata: Json | undefined): boolean {
  const annotations = isJsonObject(metadata) ? metadata.annotations : undefined;
  return isJsonObject(annotations) && FUNCTION_ANNOTATIONS.some((name) => name in annotations);
}
