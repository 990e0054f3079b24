import type { MadeBy } from '../model/declarations.ts';

/** Returns `ApplicationTemplate tenants for file tenants/acme.yaml`. */
export function describeMaker({ template, item }: MadeBy): string {
  return `ApplicationTemplate ${template} for ${item}`;
}
