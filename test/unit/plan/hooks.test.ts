import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { HOOK_RUN_ANNOTATION } from '../../../shared/config/names.ts';
import type { HookProgress } from '../../../shared/model/hook-progress.ts';
import { parseHookProgress } from '../../../shared/model/hook-progress.ts';
import type { JsonObject } from '../../../shared/model/json.ts';
import type { KubeObject } from '../../../shared/model/kube-object.ts';
import { DEFAULT_POLICY, type HookPolicy } from '../../../shared/model/object-policy.ts';
import { dueHooks, progressOf, tryAgain } from '../../../shared/plan/hooks/hook-sync.ts';
import { leavingsOf } from '../../../shared/plan/hooks/leavings.ts';
import { objectOfRun, partHooks, readRunMark, runIdOf } from '../../../shared/plan/hooks/prepared-hook.ts';
import { keepRemovalHooks, unkeptHooks } from '../../../shared/plan/hooks/removal-hooks.ts';
import { isAtWork, isFinished } from '../../../shared/plan/hooks/run-state.ts';
import { configMap, named } from './samples.ts';

function hooksOf(object: KubeObject, policy: Partial<HookPolicy> & Pick<HookPolicy, 'runs'>) {
  const hook = { deletePolicies: ['before-creation'] as const, ...policy };
  const ref = { group: '', kind: object.kind, namespace: 'web', name: object.metadata.name };
  return partHooks([
    {
      ...{ ref, object, application: 'web', digest: 'd', wave: 0, source: { path: 'a.yaml' } },
      ...{ ignored: [], ignoredManagers: [], policy: { ...DEFAULT_POLICY, hook } },
    },
  ]).hooks;
}

const every = (phase: 'pre-sync' | 'post-sync' | 'sync-fail' | 'pre-delete') => ({ phase, on: 'every' }) as const;
const begun: HookProgress = { input: 'i', wasBroughtIn: false, startedAtMs: 1, hooks: {} };

function job(status: JsonObject): KubeObject {
  return { ...named('Job', 'batch/v1', 'migrate'), status };
}

test('one declared object is a hook of each of its phases, and one for install and upgrade is run at either', () => {
  const runs = [
    { phase: 'pre-sync', on: 'install' },
    { phase: 'pre-sync', on: 'upgrade' },
    { phase: 'post-sync', on: 'upgrade' },
  ] as const;

  const hooks = hooksOf(configMap('c'), { runs });

  assert.deepEqual(
    hooks.map(({ key, on }) => [key, on]),
    [
      ['pre-sync ConfigMap/web/c', 'every'],
      ['post-sync ConfigMap/web/c', 'upgrade'],
    ],
  );
  assert.equal(dueHooks(hooks, begun).length, 1);
  assert.equal(dueHooks(hooks, { ...begun, wasBroughtIn: true }).length, 2);
});

test('a hook of no phase is neither kept nor run', () => {
  const [hook] = hooksOf(configMap('c'), { runs: [every('pre-sync')] });
  assert.ok(hook);
  const never = { ...hook.prepared, policy: { ...DEFAULT_POLICY, hook: { runs: [], deletePolicies: [] } } };

  assert.deepEqual(partHooks([never]), { objects: [], hooks: [] });
});

test('a run is known by its input, its hook and its try, and its object says which it is', () => {
  fc.assert(
    fc.property(
      fc.string(),
      fc.string(),
      fc.option(fc.string({ minLength: 1 }), { nil: undefined }),
      (a, b, attempt) => {
        const [hook] = hooksOf(configMap('c'), { runs: [every('pre-sync')] });
        assert.ok(hook);
        const run = runIdOf(hook, a, attempt);

        assert.equal(run === runIdOf(hook, b, attempt), a === b);
        assert.equal(run === runIdOf(hook, a, undefined), attempt === undefined);
        assert.deepEqual(readRunMark(objectOfRun(hook, run)), { run, key: hook.key });
      },
    ),
  );
});

test('a generated name is made of the run, and fits', () => {
  const generateName = `${'n'.repeat(80)}-`;
  const metadata = { name: generateName, generateName, namespace: 'web' };
  const [hook] = hooksOf({ ...configMap('c'), metadata }, { runs: [every('pre-sync')] });
  assert.ok(hook);

  const object = objectOfRun(hook, '0123456789');

  assert.equal(object.metadata.name, `${'n'.repeat(52)}0123456789`);
  assert.ok(!('generateName' in object.metadata));
});

test('a Job lives on until somebody could have looked', () => {
  const short = { ...named('Job', 'batch/v1', 'm'), spec: { ttlSecondsAfterFinished: 0 } };
  const [hook] = hooksOf(short, { runs: [every('pre-sync')] });
  assert.ok(hook);

  assert.deepEqual(objectOfRun(hook, '0123456789').spec, { ttlSecondsAfterFinished: 3_600 });
});

test('the first input is an install, unless its objects stood there already', () => {
  assert.equal(progressOf('i', undefined, false).progress.wasBroughtIn, false);
  assert.equal(progressOf('i', undefined, true).progress.wasBroughtIn, true);
  assert.equal(progressOf('j', begun, true).progress.wasBroughtIn, false);
  assert.equal(progressOf('j', { ...begun, completed: true }, false).progress.wasBroughtIn, true);
  assert.equal(progressOf('i', begun, true).progress, begun);
});

test('what failed is tried again once for each instruction, and what succeeded is not', () => {
  const hooks = [
    ...hooksOf(configMap('bad'), { runs: [every('pre-sync')] }),
    ...hooksOf(configMap('good'), { runs: [every('pre-sync')] }),
    ...hooksOf(configMap('alarm'), { runs: [every('sync-fail')] }),
  ];
  const state = (is: 'failed' | 'succeeded') => ({ state: is, run: 'r', sinceMs: 1 });
  const failed: HookProgress = {
    ...begun,
    failure: 'it failed',
    hooks: {
      'pre-sync ConfigMap/web/bad': state('failed'),
      'pre-sync ConfigMap/web/good': state('succeeded'),
      'sync-fail ConfigMap/web/alarm': state('succeeded'),
    },
  };

  const again = tryAgain(failed, hooks, 'asked-1');

  assert.deepEqual(
    Object.entries(again.hooks).map(([key, { state: is }]) => [key, is]),
    [
      ['pre-sync ConfigMap/web/good', 'succeeded'],
      ['pre-sync ConfigMap/web/bad', 'waiting'],
    ],
  );
  assert.equal(again.failure, undefined);
  assert.equal(tryAgain(again, hooks, 'asked-1'), again);
  assert.equal(tryAgain(failed, hooks, undefined), failed);
});

test('objects go by their delete policies, once nobody of their phase needs them', () => {
  const hooks = [
    ...hooksOf(configMap('account'), { runs: [every('pre-sync')], deletePolicies: ['succeeded'] }),
    ...hooksOf(configMap('work'), { runs: [every('pre-sync')], deletePolicies: ['failed'] }),
  ];
  const marked = ['account', 'work'].map((name) => {
    const key = `pre-sync ConfigMap/web/${name}`;
    return { key, run: 'r', live: configMap(name, {}, { annotations: { [HOOK_RUN_ANNOTATION]: `r ${key}` } }) };
  });
  const leftBy = (work: 'running' | 'failed' | 'succeeded') => {
    const at = (state: 'running' | 'failed' | 'succeeded') => ({ state, run: 'r', sinceMs: 1 });
    const states = {
      'pre-sync ConfigMap/web/account': at('succeeded'),
      'pre-sync ConfigMap/web/work': at(work),
    };
    return leavingsOf({ hooks }, { ...begun, hooks: states }, marked).map(({ live }) => live.metadata.name);
  };

  assert.deepEqual(leftBy('running'), []);
  assert.deepEqual(leftBy('failed'), ['account', 'work']);
  assert.deepEqual(leftBy('succeeded'), ['account']);
});

test('what an input before left goes once this one is in, and never while it may be at work', () => {
  const [hook] = hooksOf(configMap('c'), { runs: [every('post-sync')] });
  assert.ok(hook);
  const former = (live: KubeObject) => ({ key: hook.key, run: 'former', live });
  const count = (progress: HookProgress, live: KubeObject) =>
    leavingsOf({ hooks: [hook] }, progress, [former(live)]).length;

  const done = job({ conditions: [{ type: 'Complete', status: 'True' }] });
  const isIn: HookProgress = { ...begun, completed: true };
  const ranAgain = { ...isIn, hooks: { [hook.key]: { state: 'succeeded', run: 'now', sinceMs: 1 } } } as const;

  assert.equal(count(begun, done), 0);
  assert.equal(count(isIn, done), 1);
  assert.equal(count(isIn, job({ active: 1 })), 0);
  assert.equal(count(ranAgain, configMap('c')), 1);
  // What was made at the installation, and at no input since, may be needed: a password, say.
  assert.equal(count(isIn, configMap('c')), 0);
});

test('a Job is at work while a Pod of it is ready, and finished when its conditions say so', () => {
  const complete = job({ conditions: [{ type: 'Complete', status: 'True' }] });

  assert.deepEqual([isAtWork(job({ active: 1, ready: 0 })), isAtWork(job({ active: 1, ready: 1 }))], [false, true]);
  assert.deepEqual([isFinished(job({ active: 1 })), isFinished(complete)], [false, true]);
  assert.equal(isFinished(configMap('c')), true);
});

test('hooks of removal are kept, but no Secrets and not too much', () => {
  const runs = [every('pre-delete')];
  const large = configMap('large', { text: 'x'.repeat(500_000) });

  assert.match(keepRemovalHooks(hooksOf(configMap('c'), { runs })) ?? '', /"name":"c"/);
  assert.equal(keepRemovalHooks(hooksOf(named('Secret', 'v1', 's'), { runs })), undefined);
  assert.equal(keepRemovalHooks(hooksOf(large, { runs })), undefined);
  assert.equal(keepRemovalHooks(hooksOf(configMap('c'), { runs: [every('pre-sync')] })), undefined);
  assert.match(unkeptHooks(hooksOf(named('Secret', 'v1', 's'), { runs }))[0] ?? '', /^Secret\/web\/s: not run/);
  assert.match(unkeptHooks(hooksOf(large, { runs }))[0] ?? '', /400,000 characters$/);
  assert.deepEqual(unkeptHooks(hooksOf(configMap('c'), { runs })), []);
});

test('a memory that somebody changed is none, rather than a guess', () => {
  assert.deepEqual(parseHookProgress(JSON.stringify(begun)), begun);
  for (const text of ['', 'null', '{', '{"input": 1}', '[]']) assert.equal(parseHookProgress(text), undefined);
});
