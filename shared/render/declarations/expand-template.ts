/**
 * The Applications that a template makes. Their names must be known, or nothing is: an item without a valid one fails
 * the template. Whatever else is wrong with an item is the fault of its application alone.
 */
import { API_VERSION, type TemplateSource } from '../../model/declarations.ts';
import { isJsonObject, type Json } from '../../model/json.ts';
import type { Problem } from '../../model/problem.ts';
import { type FieldFault, type FieldPath, problemOf, valueAt } from './declaration-document.ts';
import { fillIn } from './fill-in.ts';
import { type FaultOfItem, mergeFaults } from './merge-faults.ts';
import {
  type ApplicationFault,
  applicationName,
  type BrokenText,
  checkApplication,
  type FoundApplication,
  type NamedApplication,
} from './named-application.ts';
import {
  type FoundTemplate,
  findItems,
  type TemplateItem,
  type TemplateWorld,
  templateSources,
} from './template-items.ts';

/** What came of all templates. */
export interface MadeApplications {
  readonly applications: readonly FoundApplication[];
  readonly faults: readonly ApplicationFault[];
  readonly brokenTexts: readonly BrokenText[];
  /** Of templates that fail: which applications there are is not known. */
  readonly problems: readonly Problem[];
  readonly sources: readonly TemplateSource[];
}

const TEMPLATE: FieldPath = ['spec', 'template'];

/** Returns what the templates make, in their order. */
export async function expandTemplates(
  templates: readonly FoundTemplate[],
  world: TemplateWorld,
): Promise<MadeApplications> {
  const expanded = await Promise.all(templates.map((template) => expandTemplate(template, world)));
  return {
    applications: expanded.flatMap(({ applications }) => applications),
    faults: expanded.flatMap(({ faults }) => faults),
    brokenTexts: expanded.flatMap(({ brokenTexts }) => brokenTexts),
    problems: expanded.flatMap(({ problems }) => problems),
    sources: expanded.flatMap(({ sources }) => sources),
  };
}

async function expandTemplate(template: FoundTemplate, world: TemplateWorld): Promise<MadeApplications> {
  const { items, faults } = await findItems(template, world);
  const made = items.map((item) => makeApplication(template, item));
  const lacking = faults.length > 0 ? [] : checkSelector(template);
  return {
    applications: made.flatMap((one) => one.found ?? []),
    faults: made.flatMap((one) => one.faults ?? []),
    brokenTexts: made.flatMap((one) => one.brokenText ?? []),
    problems: [
      ...[...faults, ...lacking].map((fault) => problemOf(template.document, fault)),
      ...made.flatMap((one) => one.problems ?? []),
      ...new Set(mergeFaults(made.flatMap((one) => one.nameless ?? []))),
    ],
    sources: templateSources(template),
  };
}

/** With clusters among the generators, each application goes to the cluster of its item and to no other. */
function checkSelector({ document, declaration }: FoundTemplate): readonly FieldFault[] {
  const path = [...TEMPLATE, 'spec', 'clusters'];
  if (declaration.spec.forEach.clusters === undefined || valueAt(document.value, path) === undefined) return [];
  const wrong = '"forEach.clusters" says already where each application goes';
  return [{ path, atKey: true, wrong, remedy: 'remove one of the two' }];
}

/** Exactly one of the fields. */
interface Made {
  readonly found?: FoundApplication;
  readonly faults?: readonly ApplicationFault[];
  readonly brokenText?: BrokenText;
  readonly problems?: readonly Problem[];
  readonly nameless?: readonly FaultOfItem[];
}

function makeApplication(template: FoundTemplate, item: TemplateItem): Made {
  const { document, declaration } = template;
  const isOfCluster = declaration.spec.forEach.clusters !== undefined;
  const { values, ambiguous, label } = item;
  const nameText = declaration.spec.template.metadata.name;
  const named = fillIn(nameText, [...TEMPLATE, 'metadata', 'name'], { values, ambiguous, later: [] });
  const name = named.faults.length > 0 ? undefined : applicationName({ metadata: { name: named.value } });
  if (name === undefined) {
    if (item.problems.length > 0) return { problems: item.problems };
    return { nameless: nameFaults(named).map((fault) => ({ document, fault, item: label })) };
  }

  const later = isOfCluster ? [] : ['cluster'];
  const filled = fillIn(specOf(template), ['spec'], { values, ambiguous, later });
  const written = {
    ...{ apiVersion: API_VERSION, kind: 'Application', metadata: { name } },
    spec: isOfCluster ? forCluster(filled.value, values) : filled.value,
  };
  const madeBy = { template: declaration.metadata.name, item: label };
  const application: NamedApplication = { name, document, madeBy, written };
  if (item.problems.length > 0) return { brokenText: { application, problems: item.problems } };
  if (filled.faults.length > 0) return { faults: filled.faults.map((fault) => ({ application, fault })) };
  return checkApplication(application);
}

function specOf({ document }: FoundTemplate): Json {
  const spec = valueAt(document.value, [...TEMPLATE, 'spec']);
  // Of a document that was parsed as a template, it is a map.
  return isJsonObject(spec) ? (spec as Json) : {};
}

function forCluster(spec: Json, values: TemplateItem['values']): Json {
  const name = valueAt(values, ['cluster', 'name']);
  return isJsonObject(spec) ? { ...spec, clusters: { names: [String(name)] } } : spec;
}

function nameFaults({ value, faults }: ReturnType<typeof fillIn>): readonly FieldFault[] {
  if (faults.length > 0) return faults;
  const wrong = `expected at most 63 lower-case letters, digits and "-", found ${JSON.stringify(value)}`;
  const remedy = 'let the name be made of what is different for each item';
  return [{ path: [...TEMPLATE, 'metadata', 'name'], wrong, remedy }];
}
