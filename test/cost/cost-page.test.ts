/** docs/cost.md says what was counted, priced: nobody edits it by hand, and no change of the stack leaves it behind. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { addUses, useAt } from '../../bench/cost/add-uses.ts';
import { formatCostPage } from '../../bench/cost/format-page.ts';
import { argoCdCost, monthlyCost, totalOf } from '../../bench/cost/monthly-cost.ts';
import { parseQuantities, type Use } from '../../bench/cost/quantities.ts';
import { synthesizeDefault } from '../../bench/cost/synthesize-default.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const quantities = parseQuantities(readFileSync(join(ROOT, 'bench', 'aws-quantities.json'), 'utf8'));
const facts = synthesizeDefault();

describe('the cost page', () => {
  it('is what the calculation says of the template as it is now', () => {
    const page = readFileSync(join(ROOT, 'docs', 'cost.md'), 'utf8');

    assert.equal(page, formatCostPage(quantities, facts), 'node bench/cost.ts, then look at the difference');
  });

  it('keeps the goals: 15, 25 and 120 dollars a month', () => {
    for (const [clusters, goal] of [
      [10, 15],
      [100, 25],
      [1_000, 120],
    ] as const) {
      const total = totalOf(monthlyCost(quantities, facts, { clusters }));
      assert(total <= goal, `${clusters} clusters: ${total}`);
    }
  });
});

describe('the calculation', () => {
  const use = (requests: number, invocations: number): Use => ({
    functions: { worker: { invocations, processorMs: 10, awsRequests: requests, apiRequests: 0, logBytes: 100 } },
    requests: { 'dynamodb:UpdateItem': requests },
    messages: 1,
    readUnits: 0,
    writeUnits: 2 * requests,
    storedBytes: 0,
    metrics: [],
  });

  it('adds what is used, as often as it is', () => {
    const sum = addUses([
      [10, use(2, 1)],
      [3, use(5, 2)],
    ]);

    assert.equal(sum.functions.worker?.invocations, 16);
    assert.equal(sum.requests['dynamodb:UpdateItem'], 35);
    assert.equal(sum.writeUnits, 70);
    assert.equal(sum.messages, 13);
  });

  it('goes on along the line through two fleets', () => {
    const at = useAt(1_000, [10, use(14, 1)], [100, use(104, 1)]);

    assert.equal(at.requests['dynamodb:UpdateItem'], 1_004);
    assert.equal(at.functions.worker?.invocations, 1);
  });

  it('bills each check of each cluster', () => {
    const runsOf = (clusters: number) => amountOf(clusters, 'lambdaRequest');
    const checks = (730 * 60) / facts.checkMinutes;

    assert(runsOf(1_000) - runsOf(900) >= 100 * checks);
    assert(runsOf(1_000) - runsOf(900) < 100 * checks * 1.2);
  });

  it('bills every alarm, the key and the queues however small the fleet is', () => {
    assert.equal(amountOf(1, 'alarm'), facts.alarmedMetrics);
    assert.equal(amountOf(1, 'key'), 1);
    assert.equal(amountOf(1, 'dashboard'), 1);
    assert(facts.alarmedMetrics >= 15 && facts.polledQueues === 3);
  });

  it('bills the EKS Capability for Argo CD by the hour and the application', () => {
    assert.equal(argoCdCost(100, 10).toFixed(2), '1013.03');
  });

  function amountOf(clusters: number, price: string): number {
    return monthlyCost(quantities, facts, { clusters })
      .filter((line) => line.price === price)
      .reduce((sum, { amount }) => sum + amount, 0);
  }
});
