/** What a run makes of an API server that is throttled, broken, slow or half away: the real one, with trouble in front. */
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { type DifficultFleet, difficultFleet, freshNames, once, writesTo } from './difficult-server/difficult-fleet.ts';
import { configMap } from './reconcile/declared-objects.ts';

const TOO_MANY = JSON.stringify({
  kind: 'Status',
  apiVersion: 'v1',
  status: 'Failure',
  message: 'too many requests, please try again later',
  reason: 'TooManyRequests',
  code: 429,
});

describe('a difficult API server', () => {
  let fleet: DifficultFleet;
  before(async () => {
    fleet = await difficultFleet();
  });
  afterEach(() => fleet.server.behave());
  after(() => fleet.close());

  const msUntilNextTry = async () => {
    const item = await fleet.deps.state.readCluster(fleet.fleet, fleet.cluster);
    return (item?.work.nextTryMs ?? 0) - (await fleet.deps.state.nowMs());
  };

  it('is waited for as long as Retry-After says', async () => {
    const [first, second] = freshNames('waited', 'other');
    await fleet.wantWeb(configMap(first, '1'), configMap(second, '1'));
    const isTurnedAway = once(writesTo(first));
    fleet.server.make((request) =>
      isTurnedAway(request) ? { answer: 429, headers: { 'retry-after': '1' }, body: TOO_MANY } : undefined,
    );

    await fleet.run();

    assert.deepEqual(await fleet.report(), { sync: 'synced', problems: [] });
    const [turnedAway, again, ...more] = fleet.server.seen.filter(writesTo(first));
    assert.ok(turnedAway && again && again.atMs - turnedAway.atMs >= 1_000, 'not before it was told to');
    assert.equal(more.length, 0);
    assert.equal(fleet.server.seen.filter(writesTo(second)).length, 1);
  });

  it('that throttles one object for long leaves the others applied, and known as such', async () => {
    const [first, second] = freshNames('throttled', 'other');
    await fleet.wantWeb(configMap(first, '1'), configMap(second, '1'));
    fleet.server.make((request) =>
      writesTo(first)(request) ? { answer: 429, headers: { 'retry-after': '60' }, body: TOO_MANY } : undefined,
    );

    await fleet.run();
    const { sync, problems } = await fleet.report();
    const [isOther] = await fleet.areThere(second);
    const waitMs = await msUntilNextTry();
    fleet.server.behave();
    await fleet.run();

    assert.equal(sync, 'out-of-sync');
    assert.ok(waitMs > 50_000, `it comes back when it was told to, not in ${waitMs} ms`);
    assert.match(problems.join(), /^Throttled: under-test: apply ConfigMap\/.*throttled-.*asks to wait 60 s/);
    assert.equal(isOther, true);
    assert.deepEqual(await fleet.report(), { sync: 'synced', problems: [] });
    assert.equal(fleet.server.seen.filter(writesTo(second)).length, 0, 'what was done is not done again');
  });

  it('that turns everything away is left alone until it said', async () => {
    const [flags] = freshNames('flags');
    await fleet.wantWeb(configMap(flags, '1'));
    fleet.server.make(() => ({ answer: 429, headers: { 'retry-after': '60' }, body: TOO_MANY }));

    await fleet.run();
    const { problems } = await fleet.report();
    const waitMs = await msUntilNextTry();
    const requests = fleet.server.seen.length;
    fleet.server.behave();
    await fleet.run();

    assert.match(problems.join(), /^Throttled: under-test: .*asks to wait 60 s/);
    assert.ok(waitMs > 50_000, `it comes back when it was told to, not in ${waitMs} ms`);
    assert.ok(requests <= 2, 'discovery alone');
    assert.deepEqual(await fleet.report(), { sync: 'synced', problems: [] });
  });

  for (const code of [500, 503, 504]) {
    it(`that answers ${code} to one object leaves the others applied`, async () => {
      const [first, second] = freshNames('broken', 'other');
      await fleet.wantWeb(configMap(first, '1'), configMap(second, '1'));
      fleet.server.make((request) => (writesTo(first)(request) ? { answer: code, body: 'away for lunch' } : undefined));

      await fleet.run();
      const { sync, problems } = await fleet.report();
      const [isOther] = await fleet.areThere(second);
      fleet.server.behave();
      await fleet.run();

      assert.equal(sync, 'out-of-sync');
      assert.match(problems.join(), new RegExp(`^ClusterUnreachable: ConfigMap/.*broken-.*${code} away for lunch`));
      assert.equal(isOther, true);
      assert.deepEqual(await fleet.report(), { sync: 'synced', problems: [] });
      assert.equal(fleet.server.seen.filter(writesTo(second)).length, 0, 'what was done is not done again');
    });
  }

  it('that breaks off in the middle of an answer is asked again', async () => {
    const [first, second] = freshNames('cut-off', 'other');
    await fleet.wantWeb(configMap(first, '1'), configMap(second, '1'));
    const isCut = once(writesTo(first));
    const isListCut = once(({ method, path }) => method === 'GET' && path.includes('/configmaps?'));
    fleet.server.make((request) => (isCut(request) || isListCut(request) ? { reset: 'mid-body' } : undefined));

    await fleet.run();

    assert.deepEqual(await fleet.report(), { sync: 'synced', problems: [] });
    assert.equal(fleet.server.seen.filter(writesTo(first)).length, 2);
    assert.equal(fleet.server.seen.filter(writesTo(second)).length, 1);
  });

  it('that goes away in the middle of a run is told of, and what was done is known', async () => {
    const [first, ...others] = freshNames('first', 'second', 'third');
    const wave = (text: string, number: number) =>
      text.replace('{name:', `{annotations: {plumbline.dev/sync-wave: "${number}"}, name:`);
    await fleet.wantWeb(...[first, ...others].map((name, index) => wave(configMap(name, '1'), index)));
    let isAway = false;
    fleet.server.make((request) => {
      isAway ||= writesTo(others[0])(request);
      return isAway ? { reset: 'before' } : undefined;
    });

    await fleet.run();
    const { sync, problems } = await fleet.report();
    const inVain = fleet.server.seen.slice(fleet.server.seen.findIndex(writesTo(others[0])));
    fleet.server.behave();
    await fleet.settle();

    assert.notEqual(sync, 'synced');
    assert.match(problems.join(), /^ClusterUnreachable/);
    assert.ok(inVain.length <= 3, 'one request is tried a few times, and then no more');
    assert.deepEqual(await fleet.report(), { sync: 'synced', problems: [] });
    assert.equal(fleet.server.seen.filter(writesTo(first)).length, 0, 'what was done is not done again');
  });

  it('that is slow is waited for, as far as the time of a run goes', async () => {
    const [first, ...others] = freshNames('first', 'second', 'third', 'fourth');
    const all = [first, ...others];
    await fleet.wantWeb(...all.map((name) => configMap(name, '1')));
    fleet.server.make(({ method }) => (method === 'GET' ? undefined : { delayMs: 700 }));
    const limits = { ...fleet.deps.limits, runMs: 4_000, writeMarginMs: 1_500, concurrency: 1 };

    await fleet.runWith({ ...fleet.deps, limits });
    const { sync } = await fleet.report();
    for (let tries = 0; tries < 10 && (await fleet.report()).sync !== 'synced'; tries += 1) {
      await fleet.runWith({ ...fleet.deps, limits });
    }

    assert.notEqual(sync, 'synced');
    assert.deepEqual(await fleet.report(), { sync: 'synced', problems: [] });
    for (const name of all) assert.equal(fleet.server.seen.filter(writesTo(name)).length, 1, name);
  });

  it('whose list expires halfway is asked from the start, and nothing is lost', async () => {
    const [first, second, third] = freshNames('first', 'second', 'third');
    await fleet.wantWeb(configMap(first, '1'), configMap(second, '1'), configMap(third, '1'));
    await fleet.run();
    await fleet.wantWeb(configMap(first, '1'), configMap(second, '1'));
    fleet.server.behave();
    const isExpired = once(({ path }) => path.includes('continue='));
    fleet.server.make((request) => {
      if (isExpired(request))
        return { answer: 410, body: JSON.stringify({ kind: 'Status', reason: 'Expired', code: 410 }) };
      const isList = request.method === 'GET' && request.path.includes('/configmaps?');
      return isList && !request.path.includes('limit=') ? { rewritePath: `${request.path}&limit=1` } : undefined;
    });

    await fleet.run();

    assert.deepEqual(await fleet.report(), { sync: 'synced', problems: [] });
    assert.deepEqual(await fleet.areThere(first, second, third), [true, true, false]);
    assert.ok(fleet.server.seen.filter(({ path }) => path.includes('continue=')).length > 2, 'it came in pages');
  });
});
