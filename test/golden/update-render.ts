/** Rewrites what all render cases must give; the changes are reviewed as a diff. Run: `node test/golden/update-render.ts`. */
import { writeFileSync } from 'node:fs';
import { caseNames, pathOf, printCase } from './render/print-case.ts';

for (const name of caseNames()) writeFileSync(pathOf(name), await printCase(name));
