import type { FleetDeclarations } from '../../../../shared/model/declarations.ts';
import type { Problem } from '../../../../shared/model/problem.ts';
import { completeDeclarations } from '../../../../shared/render/declarations/complete-declarations.ts';
import { readDeclarations } from '../../../../shared/render/declarations/read-declarations.ts';
import type { DeclarationFile } from '../../../../shared/render/declarations/read-documents.ts';

/** Reads declarations without templates, and everything that is wrong: with the whole, or else with single applications. */
export function readWhole(files: readonly DeclarationFile[]): {
  readonly declarations: FleetDeclarations;
  readonly problems: readonly Problem[];
} {
  const written = readDeclarations(files, { folder: 'plumbline' });
  const { declarations, problems } = completeDeclarations(written, { clusters: written.clusters });
  const own = (declarations.broken ?? []).flatMap((broken) => broken.problems);
  return { declarations, problems: problems.length > 0 ? problems : [...new Set(own)] };
}
