import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  type FileRule,
  findBadLength,
  findBadName,
  findEnvironmentUse,
  findImpurity,
} from './architecture/file-rules.ts';
import { findForbiddenImports, findUnreadImports } from './architecture/import-rules.ts';
import { readSourceFiles, sourceFile } from './architecture/source-files.ts';

/** Folders that must hold code, so that a rule never passes for want of files. */
const FOLDERS = ['cli', 'shared/model', 'shared/job', 'shared/adapters', 'shared/config', 'test'];

const files = readSourceFiles();

test('sees files in every folder', () => {
  const empty = FOLDERS.filter((folder) => !files.some(({ path }) => path.startsWith(`${folder}/`)));

  assert.deepEqual(empty, []);
});

/** Each rule with what it must find; a rule that finds nothing there could not fail. */
const RULES: readonly { readonly name: string; readonly rule: FileRule; readonly breaches: Record<string, string> }[] =
  [
    {
      name: 'imports only what the import table allows',
      rule: findForbiddenImports,
      breaches: {
        'shared/model/a.ts': "import { x } from '../plan/b.ts';",
        'shared/plan/a.ts': "import { readFile } from 'node:fs';",
        'shared/plan/b.ts': "import {\n  type A,\n  b,\n} from '../render/c.ts';",
        'shared/plan/c.ts': "export { b } from '../health/c.ts';",
        'shared/plan/d.ts': "export type { Source } from '../job/ports.ts';",
        'shared/health/a.ts': "import { load } from 'js-yaml';",
        'shared/report/a.ts': "import '../adapters/git/a.ts';",
        'shared/render/a.ts': "import { Source } from '../job/ports.ts';",
        'shared/job/a.ts': "const { b } = await import('../adapters/git/b.ts');",
        'shared/job/b.ts': "import { request } from 'undici';",
        'shared/adapters/git/a.ts': "import type { B } from '../kube/b.ts';",
        'shared/adapters/git/b.ts': "import { fetch } from 'undici';",
        'shared/adapters/git/c.ts': "import { planCluster } from '../../plan/compare.ts';",
        'shared/adapters/git/d.ts': "import { x } from '../../job/ports.ts';",
        'cli/a.ts': "import type { Stamp } from '../shared/plan/stamp.ts';",
        'cli/b.ts': "import { startCluster } from '../test/controlplane/start-cluster.ts';",
        'cli/c.ts': "import { handler } from '../functions/render.ts';",
        'functions/a.ts': "import { App } from 'aws-cdk-lib';",
        'infra/a.ts': "import { runJob } from '../shared/job/run.ts';",
        'elsewhere/a.ts': '',
      },
    },
    {
      name: 'writes imports so that they can be checked',
      rule: findUnreadImports,
      breaches: {
        'shared/plan/a.ts': 'const a = await import(name);',
        'shared/plan/b.ts': "const fs = require('fs');",
        'shared/plan/c.ts': 'import x = y;',
      },
    },
    {
      name: 'names files in kebab-case by what they hold',
      rule: findBadName,
      breaches: {
        'shared/plan/myPlan.ts': '',
        'shared/plan/plan-utils.ts': '',
        'shared/plan/index.ts': '',
        'cli/helper/a.ts': '',
      },
    },
    {
      name: 'keeps files short',
      rule: findBadLength,
      breaches: { 'shared/plan/a.ts': 'x\n'.repeat(301), 'functions/a.ts': 'x\n'.repeat(61) },
    },
    {
      name: 'reads the environment in one place',
      rule: findEnvironmentUse,
      breaches: {
        'shared/adapters/git/a.ts': 'const home = process.env.HOME;',
        'cli/main.ts': "import { env } from 'node:process';",
        'shared/config/names.ts': "process.env['X']",
      },
    },
    {
      name: 'keeps clock, chance and process out of the pure folders',
      rule: findImpurity,
      breaches: {
        'shared/plan/a.ts': 'const now = Date.now();',
        'shared/health/a.ts': 'const now = new Date();',
        'shared/render/a.ts': 'if (Math.random() > 0.5) return;',
        'shared/report/a.ts': "import { randomUUID } from 'node:crypto';",
        'shared/model/a.ts': 'process.exit(1);',
      },
    },
  ];

for (const { name, rule, breaches } of RULES) {
  describe(name, () => {
    test('everywhere', () => {
      assert.deepEqual(files.flatMap(rule), []);
    });

    for (const [path, text] of Object.entries(breaches)) {
      test(`or says so: ${path}: ${JSON.stringify(text.slice(0, 60))}`, () => {
        const found = rule(sourceFile(path, text));

        assert.equal(found.length, 1);
        assert.ok(found[0]?.startsWith(path));
      });
    }
  });
}
