import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findTools } from '../../../shared/adapters/tools/find-tools.ts';
import { isJsonObject, type Json } from '../../../shared/model/json.ts';
import { canonicalJson } from '../../../shared/model/json-text.ts';
import { parseYaml, type YamlDocument } from '../../../shared/render/yaml.ts';
import { resolvePlain } from '../../../shared/render/yaml-scalar.ts';
import { askKubectlOfEach } from './kubectl-oracle.ts';
import { damage, diceOf, generateStream, generateValue, randomNumbers } from './yaml-generator.ts';

const FILES = 12_000;
const FILES_AT_ONCE = 1_000;
/** Another one finds other documents: PLUMBLINE_YAML_SEED=7 npm test -- yaml-differential */
const seed = Number(process.env.PLUMBLINE_YAML_SEED ?? 1);

const { kubectl } = await findTools();

/** A third each: a stream of documents, one document that is fine or nearly so, one that was damaged. */
function generate(): readonly string[] {
  const dice = diceOf(randomNumbers(seed));
  return Array.from({ length: FILES }, (_, file) => {
    const head = (document: number) =>
      `apiVersion: example.com/v1\nkind: Thing\nmetadata: {name: d${file}-${document}}\n`;
    const kind = dice.below(3);
    if (kind === 0) return generateStream(dice, head);
    const value = generateValue(dice);
    return `${head(0)}v:${kind === 1 ? value : damage(value, dice)}`;
  });
}

/** What kubectl drops without a word is an error here, on purpose: nothing of a repository is lost in silence. */
const DROPPED_BY_KUBECTL = /kubectl drops what follows|stands where a value was expected/;

test(`reads ${FILES} generated files as kubectl does, and refuses what it refuses`, async (t) => {
  const texts = generate();
  const counts = { same: 0, refused: 0, stricter: 0, byChance: 0 };
  for (let first = 0; first < FILES; first += FILES_AT_ONCE) {
    const some = texts.slice(first, first + FILES_AT_ONCE);
    const verdicts = await askKubectlOfEach(kubectl, some);
    for (const [at, text] of some.entries()) counts[compare(text, verdicts[at] ?? { error: 'no verdict' })]++;
  }
  t.diagnostic(JSON.stringify(counts));
  assert.ok(
    counts.same > FILES / 3 && counts.refused > FILES / 10 && counts.stricter + counts.byChance < FILES / 50,
    JSON.stringify(counts),
  );
});

function compare(
  text: string,
  verdict: Awaited<ReturnType<typeof askKubectlOfEach>>[number],
): 'same' | 'refused' | 'stricter' | 'byChance' {
  const { documents, faults } = parseYaml(text);
  const shown = JSON.stringify(text);
  if ('error' in verdict) {
    assert.ok(faults.length > 0, `kubectl refuses it (${verdict.error}), and we read ${shown}`);
    return 'refused';
  }
  const [fault] = faults;
  if (fault !== undefined && DROPPED_BY_KUBECTL.test(fault.wrong)) return 'stricter';
  assert.deepEqual(faults, [], `kubectl reads ${shown}`);
  if (documents.some(hasKeysOfTwoTypes)) return 'byChance';
  assert.deepEqual(
    documents.map(({ document }) => fieldOf(document)),
    verdict.objects.map(fieldOf),
    shown,
  );
  return 'same';
}

/** Of `true` and `"true"` in one map kubectl keeps either, another one each time: a map of Go has no order. */
function hasKeysOfTwoTypes({ duplicateKeys }: YamlDocument): boolean {
  return duplicateKeys.some(({ key }) => typeof resolvePlain(key) !== 'string');
}

function fieldOf(document: Json): string {
  return canonicalJson(isJsonObject(document) ? (document.v ?? null) : document);
}
