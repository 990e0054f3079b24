import type { RepositoryDeclaration } from './declarations.ts';

/** The one thing that is configured outside Git: where the fleet repository is, and which branch of it counts. */
export interface FleetPlace {
  readonly fleet: string;
  readonly branch: string;
  readonly repository: RepositoryDeclaration['spec'];
}
