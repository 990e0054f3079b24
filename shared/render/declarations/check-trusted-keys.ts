import { suggest } from '../../model/closest-word.ts';
import type { FleetDeclaration, RepositoryDeclaration } from '../../model/declarations.ts';
import type { Problem } from '../../model/problem.ts';
import { type DeclarationDocument, problemOf } from './declaration-document.ts';

interface Found {
  readonly document: DeclarationDocument;
  readonly declaration: FleetDeclaration | RepositoryDeclaration;
}

/** Returns a problem for each name in `spec.verify.keys` that no TrustedKey has. */
export function checkTrustedKeys(found: readonly Found[], declared: readonly string[]): readonly Problem[] {
  return found.flatMap(({ document, declaration }) =>
    (declaration.spec.verify?.keys ?? []).flatMap((name, index) => {
      if (declared.includes(name)) return [];
      const remedy = suggest(name, declared, 'TrustedKey');
      return [
        problemOf(document, {
          path: ['spec', 'verify', 'keys', index],
          wrong: `no TrustedKey is called "${name}"`,
          remedy,
        }),
      ];
    }),
  );
}
