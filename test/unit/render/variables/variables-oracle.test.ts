// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${...} are variables of manifests, not of JavaScript
/** Variables against the library that Flux fills them in with. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { expand } from '../../../../shared/render/variables/expand.ts';
import { readText } from '../../../../shared/render/variables/read-expression.ts';
import { askEnvsubst, type Question } from '../../../envsubst/ask-envsubst.ts';
import { goIsMissing } from '../../../go-program.ts';
import { type Dice, diceOf, randomNumbers } from '../yaml-generator.ts';

const VALUES = { A: 'web', B: 'a/b/c.tar.gz', EMPTY: '', Q: '"', ÄÖ: 'Grüße', N: '3', _x1: 'éa-éb', S: '$A ${A}' };
const NAMES = [...Object.keys(VALUES), 'NONE', 'A'];
const PATTERNS = ['*', '*/', 'a', '*.gz', '?', '.*', '[a-c]*', 'web', 'é', '\\*', 'x y', 'a*', '**', '[^a]'];

function ours({ text, values, strict }: Question): string | undefined {
  const read = readText(text);
  if (!read.ok) return undefined;
  const expanded = expand(read.nodes, { values: new Map(Object.entries(values)), strict });
  return expanded.ok ? expanded.text : undefined;
}

function expression(dice: Dice, depth: number): string {
  const name = dice.pick(NAMES);
  const inner = (): string =>
    depth > 0 && dice.chance(30) ? expression(dice, depth - 1) : dice.pick(['x', 'a b', 'web', '1', '/']);
  const number = () => dice.pick(['0', '1', '2', '-1', '-3', '9', 'x']);
  return dice.pick([
    () => `\${${name}}`,
    () => `\${#${name}}`,
    () => `\${${name}${dice.pick(['^', '^^', ',', ',,'])}}`,
    () => `\${${name}:${number()}}`,
    () => `\${${name}:${number()}:${number()}}`,
    () => `\${${name}${dice.pick(['#', '##'])}${dice.pick(PATTERNS)}}`,
    // The library turns pattern and value around, and brackets with them: none here.
    () => `\${${name}${dice.pick(['%', '%%'])}${dice.pick(PATTERNS.filter((pattern) => !/[[\\]/.test(pattern)))}}`,
    () => `\${${name}${dice.pick([':-', ':=', '='])}${dice.pick(['', inner(), inner() + inner()])}}`,
    () =>
      `\${${name}${dice.pick(['/', '//', '/#', '/%'])}${dice.pick(['a', 'w', 'é', '.', '\\/'])}/${dice.pick(['', 'X', 'y z', '\\/', '$$'])}}`,
  ])();
}

function sentence(dice: Dice): string {
  const pieces = ['a', ' ', '$', '$$', '{', '}', '$A', '$${A}', 'é', '\n', ': ', '\\'];
  return Array.from({ length: 1 + dice.below(5) }, () =>
    dice.chance(60) ? expression(dice, 2) : dice.pick(pieces),
  ).join('');
}

describe('variables in manifests', { skip: goIsMissing }, () => {
  it('come to what they come to in Flux, in 10,000 generated texts', async (t) => {
    const dice = diceOf(randomNumbers(1));
    const questions = Array.from({ length: 10_000 }, () => ({
      text: sentence(dice),
      values: VALUES,
      strict: dice.chance(70),
    }));
    const answers = await askEnvsubst(questions);
    const counts = { same: 0, refused: 0, cutInHalf: 0 };

    for (const [at, question] of questions.entries()) {
      const answer = answers[at];
      // Flux cuts bytes; characters stay whole here, for half of one is no YAML.
      if (answer?.text.includes('\uFFFD')) {
        counts.cutInHalf++;
        continue;
      }
      const wanted = answer?.error === undefined ? answer?.text : undefined;
      counts[wanted === undefined ? 'refused' : 'same']++;
      assert.equal(
        ours(question),
        wanted,
        JSON.stringify({ question: question.text, strict: question.strict, answer }),
      );
    }

    t.diagnostic(JSON.stringify(counts));
    assert.ok(counts.same > 5_000 && counts.refused > 500 && counts.cutInHalf < 500, JSON.stringify(counts));
  });
});
