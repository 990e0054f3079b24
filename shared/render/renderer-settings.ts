import { PlumblineError } from '../errors.ts';
import type { GatheredReference } from '../model/gathered.ts';
import type { JsonObject } from '../model/json.ts';
import type { RenderSettings } from '../model/render-settings/render-settings.ts';
import type { ObjectReference } from '../model/render-settings/values-from.ts';
import { detectRenderer, type RendererKind } from './detect.ts';
import type { FileTree } from './file-tree.ts';
import { chartReferencesOf, substituteSettingsOf } from './gathered-references.ts';
import { type KustomizeOverlay, overlayOf } from './kustomize-overlay.ts';

/** How an application is rendered, defaults filled in: all of the declaration that changes the result. */
export type RendererSettings = KindSettings & {
  /** Absent: manifests are taken as they stand. */
  readonly substitute?: SubstituteSettings;
};

/** Which variables are filled in, and with what. */
export interface SubstituteSettings {
  readonly variables: Readonly<Record<string, string>>;
  readonly from: readonly GatheredReference[];
  readonly strict: boolean;
}

type KindSettings =
  | {
      readonly kind: 'directory';
      readonly recurse: boolean;
      readonly include: readonly string[];
      readonly exclude: readonly string[];
    }
  | {
      readonly kind: 'kustomize';
      /** Absent: nothing is laid over. */
      readonly overlay?: KustomizeOverlay;
    }
  | {
      readonly kind: 'helm';
      readonly releaseName: string;
      readonly namespace: string;
      readonly valuesFiles: readonly string[];
      /** Absent: a values file that is missing is an error. */
      readonly ignoreMissingValuesFiles?: true;
      /** Over the files, below `values`. Absent: none. */
      readonly valuesFrom?: readonly GatheredReference[];
      readonly values: JsonObject;
      /** What templates may look up. Absent: nothing. */
      readonly lookup?: readonly ObjectReference[];
      readonly includeCRDs: boolean;
      /** Absent: values are checked by the chart's schema. */
      readonly skipSchemaValidation?: true;
    };

/** What rendering needs to know of an Application, `${...}` already filled in. */
export interface RenderedApplication {
  readonly name: string;
  /** `spec.source.path` */
  readonly path: string;
  readonly render?: RenderSettings | undefined;
  readonly namespace?: string | undefined;
}

/**
 * Returns the settings of an application; the renderer is found out from its folder where none is named.
 *
 * @throws {PlumblineError} ConfigInvalid when several are named.
 */
export async function rendererSettingsOf(
  tree: FileTree,
  { name, path, render = {}, namespace }: RenderedApplication,
): Promise<RendererSettings> {
  const named = (['directory', 'kustomize', 'helm'] as const).filter((kind) => render[kind] !== undefined);
  if (named.length > 1) throw new PlumblineError([severalRenderers(name, named)]);
  const kind: RendererKind = named[0] ?? (await detectRenderer(tree, path));
  const substitute = substituteSettingsOf({ render, namespace });
  const settings = kindSettings(kind, { name, path, render, namespace });
  return { ...settings, ...(substitute !== undefined && { substitute }) };
}

function kindSettings(kind: RendererKind, { name, render = {}, namespace }: RenderedApplication): KindSettings {
  switch (kind) {
    case 'directory':
      return { kind, recurse: true, include: [], exclude: [], ...render.directory };
    case 'kustomize': {
      const overlay = overlayOf(render.kustomize);
      return { kind, ...(overlay !== undefined && { overlay }) };
    }
    case 'helm':
      return chartSettings({ name, render, namespace });
  }
}

function chartSettings({
  name,
  render,
  namespace,
}: Pick<RenderedApplication, 'name' | 'render' | 'namespace'>): KindSettings {
  const helm = render?.helm;
  const { releaseName = name, valuesFiles = [], values = {}, includeCRDs = true } = helm ?? {};
  return {
    kind: 'helm',
    namespace: namespace ?? 'default',
    ...{ releaseName, valuesFiles, includeCRDs },
    // The values came from YAML, so they are JSON; zod's schema says unknown.
    values: values as JsonObject,
    ...(helm?.ignoreMissingValuesFiles === true && { ignoreMissingValuesFiles: true }),
    ...(helm?.skipSchemaValidation === true && { skipSchemaValidation: true }),
    ...chartReferencesOf({ render, namespace }),
  };
}

function severalRenderers(application: string, named: readonly string[]) {
  return {
    code: 'ConfigInvalid',
    subject: application,
    act: 'render',
    wrong: `spec.render names several renderers: ${named.join(', ')}`,
    remedy: 'keep one',
  } as const;
}
