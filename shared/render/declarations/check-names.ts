import type { ClusterDeclaration } from '../../model/declarations.ts';
import { isJsonObject } from '../../model/json.ts';
import type { Problem } from '../../model/problem.ts';
import {
  type DeclarationDocument,
  declaredName,
  type FieldPath,
  locationOf,
  problemOf,
} from './declaration-document.ts';
import { type NamedApplication, pathInDocument } from './named-application.ts';
import type { ReadDocument } from './read-documents.ts';

/** Returns a problem for each declaration whose name another one of its kind has already; both places are named. */
export function checkNames(documents: readonly ReadDocument[], made: readonly NamedApplication[]): readonly Problem[] {
  const first: FirstPlaces = new Map();
  const problems = documents.flatMap(({ document, kind }) => {
    const name = isJsonObject(document.value) ? declaredName(document.value) : undefined;
    if (name === undefined) return [];
    const key = `${kind}/${name}`;
    const other = first.get(key);
    if (other === undefined) {
      first.set(key, () => formatPlace(document, ['metadata', 'name']));
      return [];
    }
    const wrong = `the name is taken by ${other()}`;
    return [problemOf(document, { path: ['metadata', 'name'], wrong, remedy: 'rename or remove one of them' })];
  });
  return [...problems, ...checkMadeNames(first, made)];
}

/** Where each name stands first; a place is looked for only where it is told, for that parses the file anew. */
type FirstPlaces = Map<string, () => string>;

/** One problem a template: where two items have one name, mostly many have. */
function checkMadeNames(first: FirstPlaces, made: readonly NamedApplication[]): readonly Problem[] {
  const taken = made.flatMap((application) => {
    const { name, document, madeBy } = application;
    const path = pathInDocument(application, ['metadata', 'name']);
    const key = `Application/${name}`;
    const other = first.get(key);
    if (other !== undefined) return [{ document, path, name, item: madeBy?.item ?? '', other }];
    first.set(key, () => `${formatPlace(document, path)} for ${madeBy?.item}`);
    return [];
  });
  return [...Map.groupBy(taken, ({ document }) => document).values()].flatMap(([one, ...more]) => {
    if (one === undefined) return [];
    const others = more.length === 0 ? '' : `, and ${more.length} more like it`;
    const wrong = `"${one.name}", for ${one.item}, is the name of ${one.other()} too${others}`;
    const remedy = 'let the name be made of what is different for each item, or rename the other one';
    return [problemOf(one.document, { path: one.path, wrong, remedy })];
  });
}

/** Returns a problem for each cluster that another declaration names already: two owners would undo each other's work. */
export function checkClusterPlaces(
  clusters: readonly { readonly document: DeclarationDocument; readonly declaration: ClusterDeclaration }[],
): readonly Problem[] {
  const first = new Map<string, ClusterDeclaration>();
  return clusters.flatMap(({ document, declaration }) => {
    const { kubeconfig, eks } = declaration.spec;
    const key = JSON.stringify(
      eks === undefined ? [kubeconfig?.path, kubeconfig?.context] : [eks.region, eks.name, eks.roleArn],
    );
    const other = first.get(key);
    if (other === undefined || other.metadata.name === declaration.metadata.name) {
      first.set(key, declaration);
      return [];
    }
    const path = ['spec', eks === undefined ? 'kubeconfig' : 'eks'];
    const wrong = `it is the same cluster as "${other.metadata.name}"`;
    return [problemOf(document, { path, wrong, remedy: 'keep one of the two declarations' })];
  });
}

function formatPlace(document: DeclarationDocument, at: FieldPath): string {
  const { path, line, column } = locationOf(document, at);
  return `${path}:${line}:${column}`;
}
