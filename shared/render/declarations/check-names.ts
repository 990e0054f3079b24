import type { ClusterDeclaration } from '../../model/declarations.ts';
import { isJsonObject } from '../../model/json.ts';
import type { Problem } from '../../model/problem.ts';
import { type DeclarationDocument, declaredName, locationOf, problemOf } from './declaration-document.ts';
import type { ReadDocument } from './read-documents.ts';

/** Returns a problem for each declaration whose name another one of its kind has already; both places are named. */
export function checkNames(documents: readonly ReadDocument[]): readonly Problem[] {
  const first = new Map<string, DeclarationDocument>();
  return documents.flatMap(({ document, kind }) => {
    const name = isJsonObject(document.value) ? declaredName(document.value) : undefined;
    if (name === undefined) return [];
    const key = `${kind}/${name}`;
    const other = first.get(key);
    if (other === undefined) {
      first.set(key, document);
      return [];
    }
    const wrong = `the name is taken by ${formatPlace(other)}`;
    return [problemOf(document, { path: ['metadata', 'name'], wrong, remedy: 'rename or remove one of them' })];
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

function formatPlace(document: DeclarationDocument): string {
  const { path, line, column } = locationOf(document, ['metadata', 'name']);
  return `${path}:${line}:${column}`;
}
