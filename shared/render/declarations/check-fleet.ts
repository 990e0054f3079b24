/** What can be wrong with the fleet as a whole: declared twice, or applications that were renamed and still exist. */
import type { FleetDeclaration } from '../../model/declarations.ts';
import type { Problem } from '../../model/problem.ts';
import { type DeclarationDocument, problemOf } from './declaration-document.ts';
import { intentOf, type NamedApplication, pathInDocument } from './named-application.ts';

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

/** Returns a problem for each former name that is still somebody's, or that two applications claim; broken ones claim too. */
export function checkFormerNames(
  applications: readonly NamedApplication[],
  declared: readonly string[],
): readonly Problem[] {
  const claimedBy = new Map<string, string>();
  return applications.flatMap((application) =>
    intentOf(application).formerNames.flatMap((former) => {
      const { name, document } = application;
      const other = claimedBy.get(former);
      claimedBy.set(former, other ?? name);
      const path = pathInDocument(application, ['spec', 'formerName']);
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
