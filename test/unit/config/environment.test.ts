import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readEnvironment } from '../../../shared/config/environment.ts';

const HOME = '/home/ana';

test('falls back to the usual places where nothing is set', () => {
  assert.deepEqual(readEnvironment({}, HOME), {
    homeDir: HOME,
    stateDir: '/home/ana/.local/state/plumbline',
    configDir: '/home/ana/.config/plumbline',
    cacheDir: '/home/ana/.cache/plumbline',
    kubeconfigVariable: undefined,
    eksExternalId: undefined,
    color: 'auto',
    isCi: false,
  });
});

test('takes absolute XDG folders and ignores relative ones', () => {
  const { stateDir, cacheDir } = readEnvironment({ XDG_STATE_HOME: '/var/state', XDG_CACHE_HOME: 'cache' }, HOME);

  assert.equal(stateDir, '/var/state/plumbline');
  assert.equal(cacheDir, '/home/ana/.cache/plumbline');
});

test('takes an empty variable for one that is not set', () => {
  assert.deepEqual(
    readEnvironment({ XDG_STATE_HOME: '', KUBECONFIG: '', NO_COLOR: '', CI: '' }, HOME),
    readEnvironment({}, HOME),
  );
});

test('decides on colour by NO_COLOR first, then FORCE_COLOR, then the terminal', () => {
  assert.equal(readEnvironment({ NO_COLOR: '1', FORCE_COLOR: '1' }, HOME).color, 'never');
  assert.equal(readEnvironment({ FORCE_COLOR: '1', TERM: 'dumb' }, HOME).color, 'always');
  assert.equal(readEnvironment({ FORCE_COLOR: '0' }, HOME).color, 'never');
  assert.equal(readEnvironment({ TERM: 'dumb' }, HOME).color, 'never');
  assert.equal(readEnvironment({ TERM: 'xterm' }, HOME).color, 'auto');
});

test('knows a build machine by CI', () => {
  assert.equal(readEnvironment({ CI: 'true' }, HOME).isCi, true);
  assert.equal(readEnvironment({ CI: '1' }, HOME).isCi, true);
  assert.equal(readEnvironment({ CI: 'false' }, HOME).isCi, false);
});
