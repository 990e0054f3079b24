import { type Html, html } from './html.ts';

/** Hex colours by name, for light and dark grounds. */
export type Palette = Readonly<Record<ColourName, string>>;
export type ColourName =
  | 'ground'
  | 'card'
  | 'sunk'
  | 'rule'
  | 'ink'
  | 'quiet'
  | 'link'
  | 'good'
  | 'busy'
  | 'warn'
  | 'bad'
  | 'still'
  | 'unknown'
  | 'good-wash'
  | 'busy-wash'
  | 'warn-wash'
  | 'bad-wash'
  | 'still-wash'
  | 'unknown-wash';

export const LIGHT: Palette = {
  ground: '#f6f5f1',
  card: '#ffffff',
  sunk: '#f1f0eb',
  rule: '#e2e0d8',
  ink: '#1d1f23',
  quiet: '#5c6069',
  link: '#1f5d8c',
  good: '#157a55',
  busy: '#2467b3',
  warn: '#8f5a00',
  bad: '#b8292f',
  still: '#6a5a94',
  unknown: '#5f646d',
  'good-wash': '#e7f4ee',
  'busy-wash': '#e6effa',
  'warn-wash': '#fbf0da',
  'bad-wash': '#fce9e8',
  'still-wash': '#efecf7',
  'unknown-wash': '#eeeeec',
};

export const DARK: Palette = {
  ground: '#101318',
  card: '#181c22',
  sunk: '#1f242c',
  rule: '#2c323c',
  ink: '#eceae5',
  quiet: '#a2a8b3',
  link: '#8cc2ee',
  good: '#5ecf9f',
  busy: '#7db6f5',
  warn: '#f0b95a',
  bad: '#ff8f8a',
  still: '#b9a8ea',
  unknown: '#a8aeb8',
  'good-wash': '#15291f',
  'busy-wash': '#162638',
  'warn-wash': '#30240f',
  'bad-wash': '#381b1c',
  'still-wash': '#262038',
  'unknown-wash': '#242931',
};

export const COLOURS: Html = html`
:root{color-scheme:light dark;${variablesOf(LIGHT)}}
@media(prefers-color-scheme:dark){:root{${variablesOf(DARK)}}}
@media print{:root{color-scheme:light;${variablesOf({ ...LIGHT, ground: '#ffffff', sunk: '#ffffff' })}}}
`;

/** Returns the colours as custom properties. */
export function variablesOf(palette: Palette): string {
  return Object.entries(palette)
    .map(([name, colour]) => `--${name}:${colour}`)
    .join(';');
}
