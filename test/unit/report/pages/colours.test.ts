import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TONES } from '../../../../shared/report/pages/marks.ts';
import { type ColourName, DARK, LIGHT, type Palette } from '../../../../shared/report/pages/style-colours.ts';

/** WCAG 2.2, "contrast ratio". */
function contrast(a: string, b: string): number {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return ((light ?? 0) + 0.05) / ((dark ?? 0) + 0.05);
}

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const value = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

const washes = TONES.map((tone): ColourName => `${tone}-wash`);

for (const [theme, palette] of [
  ['light', LIGHT],
  ['dark', DARK],
] as const) {
  test(`reads text at 4.5:1 on every ground it stands on, ${theme}`, () => {
    const grounds: readonly ColourName[] = ['ground', 'card', 'sunk', ...washes];
    const pairs = grounds.flatMap((ground) => (['ink', 'link'] as const).map((text) => [text, ground] as const));

    assertContrast(
      palette,
      [...pairs, ['quiet', 'ground'], ['quiet', 'card'], ['quiet', 'sunk'], ['quiet', 'good-wash'], ['card', 'bad']],
      4.5,
    );
  });

  test(`shows marks at 3:1, ${theme}`, () => {
    const pairs = TONES.flatMap((tone) => [[tone, 'card'] as const, [tone, `${tone}-wash`] as const]);

    assertContrast(palette, pairs, 3);
  });
}

function assertContrast(palette: Palette, pairs: readonly (readonly [ColourName, ColourName])[], least: number): void {
  for (const [text, ground] of pairs) {
    const ratio = contrast(palette[text], palette[ground]);
    assert.ok(ratio >= least, `${text} on ${ground}: ${ratio.toFixed(2)}`);
  }
}
