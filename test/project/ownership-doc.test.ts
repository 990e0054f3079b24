/** The examples of docs/ownership.md are what the declarations and the annotations take. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { load } from 'js-yaml';
import { API_VERSION, applicationSchema } from '../../shared/model/declarations.ts';
import { isJsonObject, type JsonObject } from '../../shared/model/json.ts';
import { readObjectPolicy } from '../../shared/model/object-policy/read-object-policy.ts';

const text = readFileSync(new URL('../../docs/ownership.md', import.meta.url), 'utf8');
const examples = [...text.matchAll(/^```yaml\n(.*?)^```$/gms)].map((match): JsonObject => {
  const parsed: unknown = load(match[1] ?? '');
  assert.ok(isJsonObject(parsed));
  return parsed;
});
const quoted = [...(/^> .*$/m.exec(text)?.[0] ?? '').matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? '');

function policyOf(annotations: Readonly<Record<string, string>>) {
  return readObjectPolicy({ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'api', annotations } });
}

test('each example of an Application is a good part of its spec', () => {
  const specs = examples.filter((example) => example.metadata === undefined);

  assert.ok(specs.length >= 4);
  for (const spec of specs) {
    const declared = { source: { path: 'web' }, clusters: { all: true }, ...spec };
    applicationSchema.parse({
      apiVersion: API_VERSION,
      kind: 'Application',
      metadata: { name: 'web' },
      spec: declared,
    });
  }
});

test('each annotation is one that objects may have', () => {
  const [metadata] = examples.flatMap((example) => (isJsonObject(example.metadata) ? [example.metadata] : []));
  assert.ok(metadata && isJsonObject(metadata.annotations));
  const annotations = Object.fromEntries(
    Object.entries(metadata.annotations).map(([name, value]) => [name, String(value)]),
  );

  const { policy, problem } = policyOf(annotations);

  assert.equal(problem, undefined);
  assert.deepEqual(
    [policy.apply, policy.conflicts, policy.drift, policy.replace],
    ['create-only', 'force', 'report', true],
  );
  assert.equal(policy.ignore.length, 2);
});

test('what the quoted report prints can be committed', () => {
  assert.equal(quoted.length, 3);
  for (const yaml of quoted) {
    const parsed: unknown = load(yaml);
    assert.ok(isJsonObject(parsed), yaml);
    if (parsed.ignore !== undefined) {
      const spec = { source: { path: 'web' }, clusters: { all: true }, ...parsed };
      applicationSchema.parse({ apiVersion: API_VERSION, kind: 'Application', metadata: { name: 'web' }, spec });
    } else {
      const annotations = Object.fromEntries(Object.entries(parsed).map(([name, value]) => [name, String(value)]));
      assert.equal(policyOf(annotations).problem, undefined, yaml);
    }
  }
});
