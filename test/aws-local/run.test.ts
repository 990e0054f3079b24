import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { pythonIsMissing } from '../aws/python-tools.ts';
import { eventually } from '../controlplane/eventually.ts';
import { podsDoNotRun } from '../controlplane/shared-cluster.ts';

const SCRIPT = join(import.meta.dirname, 'run.ts');
const STEPS = 7;

function start(...parameters: readonly string[]) {
  const child = spawn(process.execPath, [SCRIPT, ...parameters], { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      said += chunk;
    });
  }
  return { child, said: () => said };
}

describe('npm run aws-local', { skip: pythonIsMissing || podsDoNotRun }, () => {
  it('tells the story over the stack and ends with the line that the demo ends with', async () => {
    const { child, said } = start('--exit');
    const [status] = await once(child, 'close');

    const { steps, ok } = JSON.parse(said().trim().split('\n').at(-1) ?? '');
    assert.equal(ok, true, said());
    assert.equal(status, 0);
    assert.equal(steps.length, STEPS);
    assert(steps.every((step: { name: string; ok: boolean; ms: number }) => step.name && step.ok && step.ms >= 0));
  });

  for (const signal of ['SIGINT', 'SIGKILL'] as const) {
    it(`leaves no process behind after ${signal}`, async () => {
      const { child, said } = start();
      await eventually(
        async () => said(),
        (text) => text.includes('1. first sync'),
      );
      const started = await eventually(
        async () => descendants(child),
        (all) => all.some(isFunction),
      );

      child.kill(signal);
      await once(child, 'close');

      const left = await eventually(
        async () => started.filter(isAlive),
        (all) => all.length === 0,
      );
      assert.deepEqual(left, []);
      assert(started.length > 5, `${started.length} processes`);
    });
  }
});

interface Process {
  readonly pid: number;
  readonly parent: number;
  /** Tells it from a later process with the same number. */
  readonly startedAt: string;
  readonly command: string;
}

/** Functions come and go; what is seen within a moment is enough. */
async function descendants(child: ChildProcess): Promise<readonly Process[]> {
  const found = new Map<number, Process>();
  for (let look = 0; look < 20; look += 1) {
    const all = processes();
    const isOurs = (one: Process): boolean => {
      if (one.parent === child.pid) return true;
      const parent = all.find(({ pid }) => pid === one.parent);
      return parent !== undefined && isOurs(parent);
    };
    for (const one of all.filter(isOurs)) found.set(one.pid, one);
    await pause(50);
  }
  return [...found.values()];
}

function isFunction({ command }: Process): boolean {
  return command.includes('runtime-client.mjs');
}

function isAlive({ pid, startedAt }: Process): boolean {
  return processes().some((one) => one.pid === pid && one.startedAt === startedAt);
}

function processes(): readonly Process[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
        const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
        const [state = '', parent = ''] = fields;
        return state === 'Z'
          ? []
          : [{ pid: Number(pid), parent: Number(parent), startedAt: fields[19] ?? '', command }];
      } catch {
        // It has ended meanwhile.
        return [];
      }
    });
}
