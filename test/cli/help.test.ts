/** What the command line says of itself, and how it refuses what it does not understand. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, test } from 'node:test';
import { createProgram } from '../../cli/program.ts';
import { ROOT } from '../architecture/source-files.ts';

interface Ran {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function run(...words: readonly string[]): Promise<Ran> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [join(ROOT, 'cli', 'plumbline.mjs'), ...words], (_error, stdout, stderr) =>
      resolve({ status: child.exitCode, stdout, stderr }),
    );
  });
}

describe('help', () => {
  const { commands } = createProgram();

  for (const command of commands) {
    const name = command.name();
    it(`says of ${name} what it does, its options and an example`, async () => {
      const { status, stdout } = await run(name, '--help');

      assert.equal(status, 0);
      assert.match(stdout, new RegExp(`^Usage: plumbline ${name} `));
      assert.match(stdout, /^ {2}--json +print JSON/m);
      assert.match(stdout, new RegExp(`\\nExample:\\n {2}\\$ plumbline ${name}\\b.*\\n$`));
    });
  }

  it('knows every command of the design', () => {
    assert.deepEqual(commands.map((command) => command.name()).sort(), [
      'apply',
      'approve',
      'demo',
      'drift',
      'explain',
      'history',
      'init',
      'plan',
      'rbac',
      'reconcile',
      'render',
      'resume',
      'serve',
      'status',
      'suspend',
      'validate',
    ]);
  });

  it('gives examples that the command itself understands', async () => {
    const examples = await Promise.all(
      commands.map(async (command) => {
        const { stdout } = await run(command.name(), '--help');
        return stdout.split('$ plumbline ').at(-1)?.trim().split(' ') ?? [];
      }),
    );

    for (const example of examples) {
      const program = createProgram();
      for (const command of program.commands) command.action(() => {});
      await assert.doesNotReject(program.parseAsync(example, { from: 'user' }), example.join(' '));
    }
  });
});

describe('docs/cli.md', () => {
  const text = readFileSync(join(ROOT, 'docs', 'cli.md'), 'utf8');

  for (const command of createProgram().commands) {
    it(`names ${command.name()} with its options, and none that there is not`, () => {
      const row = text.split('\n').find((line) => line.startsWith(`| \`${command.name()}`)) ?? '';
      const shared = text.slice(0, text.indexOf('| command'));

      const own = command.options.filter((option) => option.helpGroupHeading === undefined && option.long !== '--json');
      const named = [...row.matchAll(/`(--[a-z-]+)/g)].map(([, option]) => option);

      assert.deepEqual(
        named,
        own.map((option) => option.long),
      );
      for (const option of command.options.filter((one) => !own.includes(one)))
        assert.ok(shared.includes(`\`${option.long}`), option.long);
    });
  }
});

test('refuses an unknown command with the one that was meant', async () => {
  const { status, stdout, stderr } = await run('statsu');

  assert.equal(status, 1);
  assert.equal(stdout, '');
  assert.equal(
    stderr,
    [
      '✗ ConfigInvalid',
      "  plumbline: read the arguments: unknown command 'statsu'",
      '  to do    did you mean status? `plumbline --help` says what there is',
      '  more     docs/runbook.md#configinvalid',
      '',
    ].join('\n'),
  );
});

test('refuses an unknown option with the one that was meant, for scripts as JSON too', async () => {
  const { status, stdout, stderr } = await run('plan', '--worktre', '--json');

  assert.equal(status, 1);
  assert.match(stderr, /plumbline plan: .*unknown option '--worktre'\n +to do +did you mean --worktree\?/);
  const { kind, problems } = JSON.parse(stdout);
  assert.deepEqual([kind, problems.length, problems[0].code], ['Error', 1, 'ConfigInvalid']);
});

test('refuses numbers that no option can mean', async () => {
  for (const words of [
    ['serve', '--port', '99999'],
    ['serve', '--sweep', '0'],
    ['history', '--limit', 'all'],
  ]) {
    const { status, stderr } = await run(...words);

    assert.equal(status, 1);
    assert.match(
      stderr,
      new RegExp(`${words[1]}: read the arguments: it is "${words[2]}"\\n +to do +give a whole number from `),
    );
  }
});
