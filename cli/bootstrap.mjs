/**
 * `node cli/bootstrap.mjs SCRIPT [ARGUMENTS]`: sets the checkout up where needed, then runs one of its scripts on the
 * locked Node. What `npm test` and its siblings call. Plain JavaScript: see docs/decisions/0004-plain-js-bootstrap.md.
 */
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runOnNode } from './run-on-node.mjs';
import { ensureSetup, SetupError } from './setup.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const [script, ...scriptArguments] = process.argv.slice(2);

try {
  runOnNode(ensureSetup(root), root, [join(root, script), ...scriptArguments]);
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
