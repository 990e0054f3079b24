import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { acquire, handOver, NEW_WORK_ITEM, wake } from '../../../shared/model/work-item.ts';
import { explore } from './explore.ts';
import { worldOf } from './work-item-model.ts';
import { MUTANTS } from './work-item-mutants.ts';
import { PROTOCOL, type Protocol } from './work-item-protocol.ts';
import { NO_MISHAPS, type Setting } from './work-item-world.ts';

/** Small ones first: a mutant is mostly found in one of these. */
const SETTINGS: readonly Setting[] = [
  { workers: 2, wakes: 2, noticesDeath: false, mishaps: { ...NO_MISHAPS, lose: 1, double: 1 } },
  { workers: 2, wakes: 2, noticesDeath: false, mishaps: { ...NO_MISHAPS, lostAnswer: 1 } },
  { workers: 2, wakes: 1, noticesDeath: false, mishaps: { ...NO_MISHAPS, slow: 1, lostAnswer: 1 } },
  { workers: 2, wakes: 2, noticesDeath: false, mishaps: { ...NO_MISHAPS, crash: 1, lose: 1 } },
  { workers: 2, wakes: 2, noticesDeath: true, mishaps: { ...NO_MISHAPS, crash: 1, lose: 1 } },
  { workers: 2, wakes: 2, noticesDeath: false, mishaps: { ...NO_MISHAPS, backOff: 1, double: 1 } },
  { workers: 2, wakes: 2, noticesDeath: false, mishaps: { ...NO_MISHAPS, slow: 1 } },
  { workers: 2, wakes: 2, noticesDeath: false, mishaps: { ...NO_MISHAPS, handOver: 1, check: 1 } },
  { workers: 2, wakes: 2, noticesDeath: false, mishaps: { ...NO_MISHAPS, deleted: 1 } },
  { workers: 2, wakes: 2, noticesDeath: false, mishaps: { ...NO_MISHAPS, slow: 1, backOff: 1 } },
  { workers: 3, wakes: 2, noticesDeath: false, mishaps: { ...NO_MISHAPS, slow: 2 } },
  { workers: 3, wakes: 3, noticesDeath: false, mishaps: { ...NO_MISHAPS, slow: 1 } },
  { workers: 3, wakes: 3, noticesDeath: false, mishaps: { ...NO_MISHAPS, crash: 1, lose: 1, double: 1 } },
];

describe('the wanted/done protocol, in every interleaving', () => {
  for (const setting of SETTINGS) {
    it(`loses no wake-up, lets no stale writer write, multiplies no nudge: ${formatSetting(setting)}`, () => {
      const { violation, states, quiet } = explore(worldOf(setting, PROTOCOL));

      assert.equal(violation, undefined, JSON.stringify(violation, null, 2));
      assert.ok(states > 500 && quiet > 1, `${states} states were seen, ${quiet} at rest`);
    });
  }
});

describe('every condition of the wanted/done protocol is needed', () => {
  for (const [condition, change] of Object.entries(MUTANTS)) {
    it(`${condition}`, () => {
      const found = firstViolation({ ...PROTOCOL, ...change });

      assert.ok(found !== undefined, 'the exploration finds nothing wrong without this condition');
    });
  }
});

describe('an item', () => {
  it('that was woken is given on any clock, however far behind', () => {
    const answer = acquire(wake(NEW_WORK_ITEM), { nonce: 'n', nowMs: 1, holdMs: 10 });

    assert.equal(answer.result, 'acquired');
  });

  it('handed over at once is given on any clock', () => {
    const answer = acquire(wake(NEW_WORK_ITEM), { nonce: 'n', nowMs: 1000, holdMs: 10 });
    assert.ok(answer.result === 'acquired');
    const outcome = handOver(answer.item, answer.lease, 0);
    assert.ok(outcome.result === 'released' && outcome.due);

    assert.equal(acquire(outcome.item, { nonce: 'm', nowMs: 1, holdMs: 10 }).result, 'acquired');
  });
});

function firstViolation(protocol: Protocol): string | undefined {
  for (const setting of SETTINGS) {
    const { violation } = explore(worldOf(setting, protocol));
    if (violation !== undefined) return violation.what;
  }
  return undefined;
}

function formatSetting({ workers, wakes, noticesDeath, mishaps }: Setting): string {
  const some = Object.entries(mishaps).flatMap(([name, count]) => (count > 0 ? [`${count} ${name}`] : []));
  return [`${workers} workers`, `${wakes} wake-ups`, ...some, ...(noticesDeath ? ['deaths noticed'] : [])].join(', ');
}
