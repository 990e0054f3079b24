/** Everything that a chart is made of: its folder, its dependencies, the values files beside it. */
import { collectDependencies } from './chart-dependencies.ts';
import { addFolder, type ClosureBuilder, complain, type FactsUsed } from './closure-builder.ts';
import { joinPath } from './file-tree.ts';
import { layPackedCharts } from './packed-charts.ts';
import { addValuesFiles, type ValuesFilesWanted } from './values-files.ts';

/** Collects the chart in `folder` and the values files, which are relative to it. */
export async function collectChart(builder: ClosureBuilder, folder: string, wanted: ValuesFilesWanted): Promise<void> {
  if ((await builder.tree.resolve(joinPath(folder, 'Chart.yaml'))).found !== 'file') {
    const remedy = 'let spec.source.path name the folder of a chart, or choose another renderer';
    return complain(builder, folder, { wrong: 'there is no Chart.yaml in the folder', remedy });
  }
  await addFolder(builder, folder);
  builder.valuesFiles = await addValuesFiles(builder, folder, wanted);
  await collectDependencies(builder, { folder, place: folder });
  await layPackedCharts(builder, folder);
  builder.facts = await factsUsedBy(builder, folder);
}

/**
 * Only what a chart can see may be part of its input digest: else each new CRD in a cluster renders every chart anew.
 * Templates may stand in any file (`tpl`, `.Files`), what nobody could unpack cannot be looked into.
 */
async function factsUsedBy(builder: ClosureBuilder, folder: string): Promise<FactsUsed> {
  const crds = joinPath(folder, 'crds/');
  const used = await Promise.all(
    [...builder.files].map(async ([path, { from }]): Promise<FactsUsed> => {
      if (path.endsWith('.tgz')) return 'all';
      if (path.startsWith(crds)) return 'none';
      return factsNamedIn(new TextDecoder().decode(await builder.tree.read(from)));
    }),
  );
  return used.reduce(moreFacts, 'none');
}

/** Returns the facts that a text would show when it is rendered as a template. */
export function factsNamedIn(text: string): FactsUsed {
  if (/\bCapabilities\b(?!\.(?:KubeVersion|HelmVersion)\b)/.test(text)) return 'all';
  return /\bCapabilities\b|^kubeVersion:/m.test(text) ? 'version' : 'none';
}

/** Returns the larger of two sets of facts. */
export function moreFacts(a: FactsUsed, b: FactsUsed): FactsUsed {
  const order = ['none', 'version', 'all'] as const;
  return order[Math.max(order.indexOf(a), order.indexOf(b))] ?? 'all';
}
