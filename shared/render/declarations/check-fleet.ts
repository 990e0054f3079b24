/** What can be wrong with the fleet as a whole: declared twice, or applications that were renamed and still exist. */
import type { ApplicationDeclaration, FleetDeclaration } from '../../model/declarations.ts';
import type { Problem } from '../../model/problem.ts';
import { type DeclarationDocument, problemOf } from './declaration-document.ts';

interface Found<T> {
  readonly document: DeclarationDocument;
  readonly declaration: T;
}

/** Returns a problem for each Fleet but the first: nobody could say whose limits hold. */
export function checkFleets(fleets: readonly Found<FleetDeclaration>[]): readonly Problem[] {
  const [first, ...others] = fleets;
  return others.map(({ document }) =>
    problemOf(document, {
      path: ['kind'],
      wrong: `Fleet "${first?.declaration.metadata.name}" is declared already`,
      remedy: 'keep one of them',
    }),
  );
}

/** Returns a problem for each former name that is still somebody's, or that two applications claim. */
export function checkFormerNames(
  applications: readonly Found<ApplicationDeclaration>[],
  declared: readonly string[],
): readonly Problem[] {
  const claimedBy = new Map<string, string>();
  return applications.flatMap(({ document, declaration }) =>
    [declaration.spec.formerName ?? []].flat().flatMap((former) => {
      const { name } = declaration.metadata;
      const other = claimedBy.get(former);
      claimedBy.set(former, other ?? name);
      const path = ['spec', 'formerName'];
      if (declared.includes(former)) {
        const wrong = `application "${former}" is still declared`;
        return [problemOf(document, { path, wrong, remedy: 'remove that declaration, or formerName here' })];
      }
      if (other === undefined || other === name) return [];
      const wrong = `application "${other}" says that it was called "${former}"`;
      return [problemOf(document, { path, wrong, remedy: 'only one can go on with what it had' })];
    }),
  );
}
