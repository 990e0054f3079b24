/**
 * The style sheet. Colours are pairs for light and dark; text on its ground reaches 4.5:1, marks 3:1 (WCAG 2.2 AA,
 * checked by a test). It stands in the page itself, so that a dashboard widget can carry it along.
 */
import { html } from './html.ts';
import { COLOURS } from './style-colours.ts';
import { LAYOUT } from './style-layout.ts';
import { PARTS } from './style-parts.ts';

export const STYLE = html`${COLOURS}${LAYOUT}${PARTS}`;
