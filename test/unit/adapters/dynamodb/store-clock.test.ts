import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { StoreClock } from '../../../../shared/adapters/dynamodb/store-clock.ts';

const NOON_MS = Date.parse('2026-11-21T12:00:00Z');

/** A table whose time is `tableMs` when the monotonic clock says `tickMs`. */
class World {
  tickMs = 5_000;
  tableMs = NOON_MS;
  readonly clock = new StoreClock(() => this.tickMs);

  pass(ms: number): void {
    this.tickMs += ms;
    this.tableMs += ms;
  }

  /** The process stands still, its monotonic clock with it. */
  freeze(ms: number): void {
    this.tableMs += ms;
  }

  request(thereMs: number, backMs: number): void {
    const sentMs = this.clock.tick();
    this.pass(thereMs);
    const date = new Date(this.tableMs).toUTCString();
    this.pass(backMs);
    this.clock.observe(date, sentMs);
  }
}

describe('the clock of the table', () => {
  it('is not known before the first answer, nor from an answer without a date', () => {
    const { clock } = new World();
    clock.observe(undefined, 0);
    clock.observe('yesterday', 0);

    assert.equal(clock.read(), undefined);
  });

  it('holds the time between its bounds, whatever the answers took', () => {
    const waits = fc.array(fc.tuple(fc.nat(5_000), fc.nat(5_000), fc.nat(5_000)), { minLength: 1 });
    fc.assert(
      fc.property(fc.nat(999), waits, (begin, requests) => {
        const world = new World();
        world.tableMs += begin;
        for (const [pauseMs, thereMs, backMs] of requests) {
          world.pass(pauseMs);
          world.request(thereMs, backMs);
          const time = world.clock.read();

          assert.ok(time !== undefined && time.earliestMs <= world.tableMs && world.tableMs <= time.latestMs);
        }
      }),
    );
  });

  it('learns the time to little more than a round trip from a few answers', () => {
    const world = new World();
    for (let n = 0; n < 60; n++) {
      world.pass(137);
      world.request(5, 5);
    }

    const time = world.clock.read();

    assert.ok(time !== undefined && time.latestMs - time.earliestMs <= 40);
    assert.ok(Math.abs(time.nowMs - world.tableMs) <= 20);
  });

  it('never goes back, for it learns better', () => {
    const world = new World();
    let lastMs = 0;
    for (let n = 0; n < 200; n++) {
      world.pass((n * 37) % 100);
      world.request(n % 7, n % 11);
      const { nowMs = 0 } = world.clock.read() ?? {};

      assert.ok(nowMs >= lastMs);
      lastMs = nowMs;
    }
  });

  it('is right again with the first answer after the process stood still', () => {
    const world = new World();
    world.request(5, 5);
    world.freeze(20 * 60_000);
    world.request(5, 5);

    const time = world.clock.read();

    assert.ok(time !== undefined && time.earliestMs <= world.tableMs && world.tableMs <= time.latestMs);
  });

  it('follows a table whose clock is put back', () => {
    const world = new World();
    world.request(5, 5);
    world.freeze(-60_000);
    world.request(5, 5);

    assert.ok(Math.abs((world.clock.read()?.nowMs ?? 0) - world.tableMs) <= 1000);
  });
});
