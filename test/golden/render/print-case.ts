/**
 * A golden case is a folder: `application.yaml` says what is rendered (the spec fields that rendering knows, and the
 * cluster's facts), `repository/` is the repository, `rendered.yaml` all that must come out: warnings, objects with their
 * sources, or the complaint.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PlumblineError } from '../../../shared/errors.ts';
import type { Json } from '../../../shared/model/json.ts';
import { placeOf } from '../../../shared/render/read-objects.ts';
import { readYaml, writeYaml } from '../../../shared/render/yaml.ts';
import { folderSource } from '../../unit/render/folder-source.ts';
import { type InApplication, renderIn } from '../../unit/render/render-in.ts';

const ROOT = import.meta.dirname;

export function caseNames(): readonly string[] {
  return readdirSync(ROOT, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
}

export function pathOf(name: string): string {
  return join(ROOT, name, 'rendered.yaml');
}

/** Returns what `rendered.yaml` must hold. */
export async function printCase(name: string): Promise<string> {
  const text = readFileSync(join(ROOT, name, 'application.yaml'), 'utf8');
  // Trusted test data of exactly this shape.
  const application = readYaml(text, { subject: name })[0]?.document as unknown as InApplication;
  try {
    const { objects, warnings } = await renderIn(folderSource(join(ROOT, name, 'repository')), application);
    const printed = objects.map(({ object, source }) => `# Source: ${placeOf(source)}\n${writeYaml(object as Json)}`);
    return [...warnings.map((warning) => `# Warning: ${warning}\n`), printed.join('---\n')].join('');
  } catch (error) {
    if (error instanceof PlumblineError) return error.message.replaceAll(/^/gm, '# Refused: ').concat('\n');
    throw error;
  }
}
