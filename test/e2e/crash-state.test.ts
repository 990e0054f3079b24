import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import { eventually } from '../controlplane/eventually.ts';
import { applicationYaml, type CrashLab, configMapYaml, crashLab, killed, OWN_LIMITS } from './crash/crash-lab.ts';

describe('a server whose state was lost or put back', () => {
  let lab: CrashLab;
  beforeEach(async () => {
    lab = await crashLab();
  });
  afterEach(() => lab.close());

  /** Flags change with every commit, `early` is there in the first alone, `late` from the second on. */
  const commitFirst = (): string =>
    lab.commit({
      'plumbline/web.yaml': applicationYaml('web', { namespace: lab.namespace }),
      'plumbline/paused.yaml': applicationYaml('paused', { namespace: lab.namespace }),
      'apps/web/flags.yaml': configMapYaml('flags', 'first'),
      'apps/web/early.yaml': configMapYaml('early', 'x'),
      'apps/paused/paused.yaml': configMapYaml('paused', 'first'),
    });
  const commitSecond = (): string =>
    lab.commit({
      'apps/web/flags.yaml': configMapYaml('flags', 'second'),
      'apps/web/early.yaml': undefined,
      'apps/web/late.yaml': configMapYaml('late', 'x'),
      'apps/paused/paused.yaml': configMapYaml('paused', 'second'),
    });
  const SECOND = { flags: 'second', late: 'x', paused: 'first' };

  /** Brings both commits in; the application `paused` is suspended in between, by a person in the cluster. */
  const bringIn = async (between: () => void = () => undefined): Promise<string> => {
    const first = commitFirst();
    const server = lab.serve();
    await lab.settled(first);
    await killed(server);
    between();
    await lab.patchAnchor({ suspensions: '["paused"]' });
    const second = commitSecond();
    const next = lab.serve();
    await eventually(lab.objects, (objects) => isDeepStrictEqual(objects, SECOND));
    await lab.lookedAt(second, 0);
    await killed(next);
    return second;
  };

  /** Serves until `isOver`; returns what happened to objects meanwhile. */
  const eventsWhileServing = async (
    isOver: (sinceMs: number) => Promise<void>,
    serve = () => lab.serve(),
  ): Promise<readonly string[]> => {
    const before = lab.watch.events.length;
    const sinceMs = Date.now();
    const server = serve();
    await isOver(sinceMs);
    await killed(server);
    return lab.watch.events.slice(before).map(({ type, name, data }) => `${type} ${name} ${data.value}`);
  };
  const untilLookedAt = (revision: string) => (sinceMs: number) => lab.lookedAt(revision, sinceMs);

  it('deletes and changes nothing when the state file was deleted, and leaves suspended what was suspended', async () => {
    const revision = await bringIn();
    lab.deleteState();

    assert.deepEqual(await eventsWhileServing(untilLookedAt(revision)), []);

    assert.deepEqual(await lab.objects(), SECOND);
  });

  it('deletes nothing and changes no value when state, blobs and their key were deleted', async () => {
    const revision = await bringIn();
    lab.deleteStateFolder();

    const events = await eventsWhileServing(untilLookedAt(revision));

    // The digests that we annotate are keyed: a new key writes them anew, and nothing else.
    assert.deepEqual(
      events.filter((event) => !['MODIFIED flags second', 'MODIFIED late x'].includes(event)),
      [],
    );
    assert.deepEqual(await lab.objects(), SECOND);
  });

  it("deletes and changes nothing when yesterday's state was put back: no older commit, nothing suspended applied", async () => {
    const revision = await bringIn(() => lab.copyState('yesterday'));
    lab.putBackState('yesterday');

    assert.deepEqual(await eventsWhileServing(untilLookedAt(revision)), []);

    assert.deepEqual(await lab.objects(), SECOND);
  });

  it("deletes and changes nothing when yesterday's state was put back and the repository cannot be read", async () => {
    const revision = await bringIn(() => lab.copyState('yesterday'));
    lab.putBackState('yesterday');
    const bringBack = lab.hideRepository();

    // Without the command around it, which refuses to start without a repository.
    const serve = () => lab.serveWith(OWN_LIMITS);
    assert.deepEqual(await eventsWhileServing((sinceMs) => lab.tried(sinceMs), serve), []);

    bringBack();
    assert.deepEqual(await eventsWhileServing(untilLookedAt(revision)), []);
    assert.deepEqual(await lab.objects(), SECOND);
  });

  it('brings in what was committed while it had no state', async () => {
    await bringIn();
    lab.deleteState();
    lab.commit({ 'apps/web/flags.yaml': configMapYaml('flags', 'third') });

    const server = lab.serve();
    await eventually(lab.objects, (objects) => objects.flags === 'third');
    await killed(server);

    assert.deepEqual(await lab.objects(), { ...SECOND, flags: 'third' });
  });
});
