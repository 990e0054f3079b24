/** Rewrites the texts of all report cases; the changes are reviewed as a diff. Run: `node test/golden/update-report.ts`. */
import { writeFileSync } from 'node:fs';
import { caseNames, pathOf, printCase } from './report/print-case.ts';

for (const name of caseNames()) {
  const { text, json } = printCase(name);
  writeFileSync(pathOf(name, 'txt'), text);
  if (json !== undefined) writeFileSync(pathOf(name, 'json'), `${JSON.stringify(json, undefined, 2)}\n`);
}
