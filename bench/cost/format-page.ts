/** docs/cost.md, whole, from the calculation. */
import { ASSUMPTIONS } from './assumptions.ts';
import { argoCdCost, type CostLine, monthlyCost, totalOf } from './monthly-cost.ts';
import { PRICES, PRICES_AS_OF, type Price } from './prices.ts';
import type { Quantities, Use } from './quantities.ts';
import type { StackFacts } from './stack-facts.ts';

const FLEETS = [
  { clusters: 10, goal: 15 },
  { clusters: 100, goal: 25 },
  { clusters: 1_000, goal: 120 },
] as const;

export function formatCostPage(quantities: Quantities, facts: StackFacts): string {
  const bills = FLEETS.map((fleet) => monthlyCost(quantities, facts, fleet));
  const { applications, objects } = quantities.cluster;
  return [
    '# What Plumbline costs',
    `<!-- Written by \`node bench/cost.ts\`; a test keeps it equal to the calculation. -->`,
    [
      `The bill of AWS for a month of ${ASSUMPTIONS.hoursAMonth} hours in us-east-1, in dollars, without free tiers: clusters of ${applications} applications with`,
      `${objects} objects each, every cluster and the repository looked at every ${facts.checkMinutes} minutes, ${ASSUMPTIONS.pushesADay} pushes a day that change one`,
      'application in every cluster. The clusters themselves are not in it.',
    ].join('\n'),
    totalsTable(bills, applications),
    pushesText(quantities, facts, bills),
    '## Line by line',
    linesTable(bills),
    '## Where the numbers come from',
    sources(quantities, facts),
    usesTable(quantities),
    '## Assumptions',
    assumptions(facts),
    '## Not in it',
    NOT_IN_IT,
    '## Prices',
    pricesTable(),
  ]
    .join('\n\n')
    .concat('\n');
}

function totalsTable(bills: readonly (readonly CostLine[])[], applications: number): string {
  const rows = FLEETS.map(({ clusters, goal }, index) => {
    const total = totalOf(bills[index] ?? []);
    const mark = total <= goal ? '✓' : '✗ missed';
    const argo = argoCdCost(clusters, applications);
    return [number(clusters), dollars(total), `${goal} ${mark}`, dollars(total / clusters), dollars(argo)];
  });
  return table(['clusters', 'Plumbline', 'goal', 'a cluster', 'EKS Capability for Argo CD'], rows);
}

function pushesText(quantities: Quantities, facts: StackFacts, bills: readonly (readonly CostLine[])[]): string {
  const twice = FLEETS.map(({ clusters }, index) => {
    const more = totalOf(monthlyCost(quantities, facts, { clusters, pushesADay: 2 * ASSUMPTIONS.pushesADay }));
    return dollars(more - totalOf(bills[index] ?? []));
  });
  return `Twice as many pushes cost ${twice.join(', ')} dollars more. Half as many checks (\`checkMinutes\`) would save most of the rest.`;
}

function linesTable(bills: readonly (readonly CostLine[])[]): string {
  const [first = []] = bills;
  const rows = first.map(({ service, price }, index) => {
    const cells = bills.flatMap((bill) => [quantity(bill[index]?.amount ?? 0), dollars(bill[index]?.usd ?? 0)]);
    return [service, PRICES[price].unit, ...cells];
  });
  const totals = bills.flatMap((bill) => ['', `**${dollars(totalOf(bill))}**`]);
  const heads = FLEETS.flatMap(({ clusters }) => [`${number(clusters)} clusters`, '$']);
  return table(['service', 'unit', ...heads], [...rows, ['**all**', '', ...totals]]);
}

function sources({ measured, fleets }: Quantities, facts: StackFacts): string {
  const memories = [...facts.functions].map(
    ([name, { memoryMb, architecture }]) => `\`${name}\` ${memoryMb} MB ${architecture}`,
  );
  return [
    `- Counted: requests, bytes, messages, log lines and processor time of each act, by \`${measured.command}\`, which runs the`,
    `  synthesized stack on one machine (${measured.machine}`,
    `  Processor time hardly depends on the load). The counts are in \`bench/aws-quantities.json\`. Fleets of ${fleets[0].clusters} and ${fleets[1].clusters} clusters are`,
    '  counted; what is said of others lies on the line through both.',
    `- From the synthesized template: memory and processor (${memories.join(', ')}),`,
    `  ${facts.alarmedMetrics} metrics in alarms, ${facts.dashboards} dashboard, ${facts.keys} key, ${facts.polledQueues} queues that Lambda polls, ${facts.concurrentWorkers} workers at once, ${facts.logDays} days of logs.`,
    '- Units of DynamoDB are reckoned from the bytes of answers and items, which rounds up.',
  ].join('\n');
}

function usesTable({ quietRun, coldRun, changedRun, fleets: [few, many] }: Quantities): string {
  const acts: readonly (readonly [string, Use])[] = [
    ['check of a cluster, nothing new', quietRun],
    ['the same by a new process', coldRun],
    ['a commit in a cluster that it changes', changedRun],
    ...[few, many].flatMap((fleet): readonly (readonly [string, Use])[] => [
      [`sweep, ${fleet.clusters} clusters`, fleet.sweep],
      [`look at the repository, ${fleet.clusters} clusters`, fleet.quietPlan],
      [`push up to the nudges, ${fleet.clusters} clusters`, fleet.push],
    ]),
  ];
  const rows = acts.map(([name, use]) => {
    const functions = Object.values(use.functions);
    const sum = (key: 'processorMs' | 'awsRequests' | 'apiRequests' | 'logBytes') =>
      quantity(functions.reduce((total, one) => total + one[key], 0));
    const units = [quantity(use.readUnits), quantity(use.writeUnits)];
    return [name, sum('processorMs'), sum('awsRequests'), sum('apiRequests'), ...units, sum('logBytes')];
  });
  const heads = ['act', 'processor ms', 'AWS requests', 'API requests', 'read units', 'write units', 'log bytes'];
  return table(heads, rows);
}

function assumptions(facts: StackFacts): string {
  const assumed = ASSUMPTIONS;
  return [
    `- ${assumed.pushesADay} pushes a day; after each, ${assumed.followUps} more runs a cluster see it become healthy.`,
    `- A request takes ${assumed.requestMs} ms beside the processor's time, and they come one after the other (most go side by side).`,
    `- A function with less than ${assumed.megabytesAProcessor} MB has less than a processor, and takes that much longer for the same work.`,
    `- A process lives ${assumed.processHours} hours, and each cluster's two blobs are asked for every ${assumed.blobMinutes} minutes.`,
    `- Lambda asks an idle queue ${assumed.pollsAMinute} times a minute (five at once, 20 s each; from memory). Messages are received and deleted one by one.`,
    `- ${[...facts.functions]
      .filter(([, { tracesItself }]) => tracesItself)
      .map(([name]) => `\`${name}\``)
      .join(
        ' and ',
      )} begin traces, ${assumed.tracesASecond} a second and ${assumed.tracedShare * 100}% of the rest; the others are traced when they follow from one.`,
    '- Metrics that only a push brings are paid for the hours that have one.',
  ].join('\n');
}

const NOT_IN_IT = [
  '- Free tiers, taxes, support, and what the clusters and the repositories themselves cost.',
  '- Networks: clusters with private endpoints need interface endpoints or a NAT gateway, which cost more than all of this;',
  '  `npm run synth` says which and how much.',
  '- People looking at the dashboard: each look at a page is an invocation of 512 MB that reads the fleet once.',
  '- Webhooks: a secret for each forge ($0.40 a month) and an invocation a push.',
  '- Faults: runs that are tried again, drift that is healed, e-mails of alarms.',
  '- Argo CD beside it: Git is polled every six minutes there without a webhook; one capability takes 3,000 applications and',
  '  100 remote clusters, and only its hours and applications are counted, for one capability however large the fleet.',
].join('\n');

function pricesTable(): string {
  const prices: readonly Price[] = Object.values(PRICES);
  const rows = prices.map(({ usd, per, unit, from }) => [unit, `${usd}`, per === 1 ? '1' : number(per), from]);
  const text = `As of ${PRICES_AS_OF}, us-east-1. "Read": on pages that quote AWS's price list; "memory": looked up nowhere, so look before relying on it. Argo CD: a price list of us-east-2 captured in May 2026.`;
  return `${text}\n\n${table(['unit', '$', 'for', 'from'], rows)}`;
}

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  return [heads, heads.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function dollars(value: number): string {
  return value.toFixed(2);
}

function number(value: number): string {
  return value.toLocaleString('en');
}

function quantity(value: number): string {
  if (value >= 100) return Math.round(value).toLocaleString('en');
  return String(Number(value.toPrecision(2)));
}
