#!/usr/bin/env node
/**
 * The `plumbline` command. Sets the checkout up where needed; on a Node that reads TypeScript it goes on in this
 * process (start-up time is felt at every call), on an older one it starts itself again on the locked Node.
 */
import module from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import v8 from 'node:v8';
import { runOnNode } from './run-on-node.mjs';
import { ensureSetup, NODE_MAJOR, SetupError } from './setup.mjs';

const self = fileURLToPath(import.meta.url);
const root = dirname(dirname(self));

try {
  const node = ensureSetup(root);
  if (Number(process.versions.node.split('.')[0]) < NODE_MAJOR) {
    runOnNode(node, root, [self, ...process.argv.slice(2)]);
  } else {
    // What lives is some 25 MB; V8 would take ten times that for its nursery rather than tidy up a little more often.
    // Measured in bench/README.md: 345 MB resident becomes 175 MB, at the same speed.
    v8.setFlagsFromString('--semi-space-growth-factor=1');
    // Keeps compiled code, types already stripped, between calls.
    module.enableCompileCache(join(root, 'node_modules', '.cache', 'plumbline'));
    await import('./main.ts');
  }
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
