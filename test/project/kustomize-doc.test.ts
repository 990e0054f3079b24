/** The examples of docs/kustomize.md are what the declarations take, and what kustomize takes for a base elsewhere. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { applicationSchema } from '../../shared/model/declarations.ts';
import { isJsonObject, type Json } from '../../shared/model/json.ts';
import { isPinned, readRemoteReference } from '../../shared/render/remote-reference.ts';
import { parseYaml } from '../../shared/render/yaml.ts';

const text = readFileSync(new URL('../../docs/kustomize.md', import.meta.url), 'utf8');
const [application, kustomization] = [...text.matchAll(/^```yaml\n(.*?)^```$/gms)].map((match): Json => {
  return parseYaml(match[1] ?? '').documents[0]?.document ?? null;
});

test('the example of an Application is a good one, and shows most settings', () => {
  const { spec } = applicationSchema.parse(application);

  assert.deepEqual(Object.keys(spec.render?.kustomize ?? {}).sort(), [
    ...['annotations', 'components', 'images', 'labels', 'namePrefix', 'namespace', 'patches', 'replicas'],
  ]);
});

test('the bases elsewhere are pinned', () => {
  assert.ok(isJsonObject(kustomization));
  const references = [kustomization.resources, kustomization.components].flat().map(String);

  assert.equal(references.length, 2);
  for (const reference of references) assert.ok(isPinned(readRemoteReference(reference)?.ref), reference);
});
