/** What people copy into their pipelines calls the command as it is, and stays readable by the tools that it is for. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { createProgram } from '../../../cli/program.ts';
import { RULES } from '../../../shared/model/finding.ts';
import { isJsonObject, type Json } from '../../../shared/model/json.ts';
import { readYaml } from '../../../shared/render/yaml.ts';

const ROOT = join(import.meta.dirname, '../../..');
const CALLS = [
  'examples/ci/github-actions.yaml',
  'examples/ci/gitlab-ci.yaml',
  'examples/ci/buildspec.yaml',
  '.pre-commit-hooks.yaml',
];

for (const path of CALLS) {
  test(`calls validate in ${path} with options that there are`, () => {
    const text = readFileSync(join(ROOT, path), 'utf8');
    const documents = readYaml(text, { subject: path });
    const calls = documents
      .flatMap(({ document }) => textsIn(document))
      .filter((one) => /plumbline validate --/.test(one));

    assert.ok(calls.length > 0, 'there is no call');
    for (const call of calls) assertOptions(call);
  });
}

test('calls validate in the Git hook with options that there are', () => {
  assertOptions(
    /plumbline\} (validate .*)$/m.exec(readFileSync(join(ROOT, 'examples/hooks/pre-commit'), 'utf8'))?.[1] ?? '',
  );
});

test('describes every rule in docs/validate.md, and no other', () => {
  const page = readFileSync(join(ROOT, 'docs/validate.md'), 'utf8');

  const described = [...page.matchAll(/^### (\S+)$/gm)].map(([, name]) => name);

  assert.deepEqual(described, Object.keys(RULES));
});

function textsIn(value: Json): readonly string[] {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.flatMap(textsIn);
  return isJsonObject(value) ? Object.values(value).flatMap(textsIn) : [];
}

function assertOptions(call: string): void {
  const validate = createProgram().commands.find((command) => command.name() === 'validate');
  assert.ok(validate !== undefined);
  const words = call.split(' > ')[0]?.split(/\s+/) ?? [];
  const options = words.filter((word) => word.startsWith('--'));
  assert.ok(options.length > 0, call);
  for (const option of options)
    assert.ok(
      validate.options.some(({ long }) => long === option),
      `${call}: ${option}`,
    );
  const output = words[words.indexOf('--output') + 1];
  if (words.includes('--output')) {
    const known = validate.options.find(({ long }) => long === '--output')?.argChoices ?? [];
    assert.ok(known.includes(output ?? ''), call);
  }
}
