/** Computes docs/cost.md from what was counted, the template and the prices. `node bench/cost.ts`. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatCostPage } from './cost/format-page.ts';
import { parseQuantities } from './cost/quantities.ts';
import { synthesizeDefault } from './cost/synthesize-default.ts';

const QUANTITIES = join(import.meta.dirname, 'aws-quantities.json');
const PAGE = join(import.meta.dirname, '..', 'docs', 'cost.md');

writeFileSync(PAGE, formatCostPage(parseQuantities(readFileSync(QUANTITIES, 'utf8')), synthesizeDefault()));
