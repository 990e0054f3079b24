import assert from 'node:assert/strict';
import { test } from 'node:test';
import { largeFleet } from '../../../../bench/large-fleet.ts';
import type { ClusterItem, FleetStatus } from '../../../../shared/model/status.ts';
import { NEW_WORK_ITEM } from '../../../../shared/model/work-item.ts';
import { fleetPage } from '../../../../shared/report/pages/fleet-page.ts';
import type { FleetReport } from '../../../../shared/report/status-text.ts';
import { type SampleFleet, sampleFleet } from '../../../e2e/page-sample.ts';
import { textOf } from './text-of.ts';

const NOW_MS = Date.parse('2026-11-21T12:00:00Z');
const EMPTY: FleetReport = {
  fleet: { fleet: 'f', branch: 'main', problems: [], clusters: [], watched: [] },
  clusters: [],
  applications: [],
};

function reportOf({ fleet, clusters, commits }: SampleFleet, part: Partial<FleetStatus> = {}): FleetReport {
  const [commit] = commits;
  if (commit === undefined) throw new Error('the sample has no commit');
  const items = clusters.map(({ status, isBehind }): ClusterItem => {
    const blob = isBehind ? 'desired/new' : (status.applied ?? '');
    return { cluster: status.cluster, work: NEW_WORK_ITEM, desired: { blob, ticket: 1, commit }, status };
  });
  return {
    fleet: { ...fleet, ...part },
    clusters: items,
    applications: clusters.flatMap(({ applications }) => applications),
  };
}

function pageOf(report: FleetReport, sample?: SampleFleet) {
  const page = fleetPage({ report, runs: sample?.runs ?? [], commits: sample?.commits ?? [], nowMs: NOW_MS });
  return { title: page.title, text: textOf(page.main) };
}

test('says how much of the fleet is true, and to which commit', () => {
  const sample = sampleFleet(NOW_MS);

  const { title, text } = pageOf(reportOf(sample), sample);

  assert.equal(title, '3 of 4 clusters are true to 4f9c2e1');
  assert.match(
    text,
    /^3 of 4 clusters are true to 4f9c2e1 raise memory of shop by Ana, 3 m ago 1 behind 0 unreachable 18 of 21 applications/,
  );
});

test('says so when nothing is known yet', () => {
  assert.equal(pageOf(EMPTY).title, 'Nothing is planned yet');
  assert.match(
    pageOf(EMPTY).text,
    /No cluster is declared yet.*No commit has been read yet.*No run has changed anything yet/,
  );
});

test('says before all else that the newest commit is refused, and what stays in place', () => {
  const sample = sampleFleet(NOW_MS);
  const [, planned, head] = sample.commits;
  const problem = { code: 'RenderFailed', subject: 'values.yaml:3', act: 'render', wrong: 'no', remedy: '' } as const;
  assert.ok(planned && head);

  const refused = pageOf(reportOf(sample, { planned, head, problems: [problem] }), sample).text;
  const planning = pageOf(reportOf(sample, { planned, head }), sample).text;

  assert.match(
    refused,
    /notifier 1\.8\.2 by release-bot, 1 h ago , is refused: 1 problem ; \w{7} stays in place\. Clusters and/,
  );
  assert.match(planning, /is being planned; \w{7} stays in place/);
});

test('shows a slow cluster by name, a waiting one, and commits that no run is known of', () => {
  const sample = sampleFleet(NOW_MS);
  const runs = sample.runs.filter(({ revision }) => revision !== sample.commits[3]?.revision);

  const { text } = pageOf(reportOf(sample), { ...sample, runs });

  assert.match(text, /raise memory of shop Ana, 3 m ago 3 of 4, waiting for prod-us/);
  assert.match(text, /a farewell for night owls Noor, 9 h ago prod-asia took 2 h/);
  assert.match(text, /let inventory be reached from the shop alone Mateusz, 2 h ago no run recorded/);
});

test('names quiet clusters of a large fleet and shows the others in full', () => {
  const sample = largeFleet(sampleFleet(NOW_MS), { clusters: 60, applications: 30 });

  const { text } = pageOf(reportOf(sample), { ...sample, runs: [] });
  const rows = [...text.matchAll(/cluster-(\d+) (failed|behind)/g)];

  const [, quiet = '0'] = /(\d+) clusters with everything synced and healthy/.exec(text) ?? [];
  assert.ok(rows.length > 5);
  assert.equal(rows.length + Number(quiet), 60);
});

test('shows what was left behind where, and notes of the plan', () => {
  const sample = sampleFleet(NOW_MS);
  const applications = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
  const left = [
    { cluster: 'lab', applications, objects: 40, sinceMs: NOW_MS - 7_200_000 },
    { cluster: 'old', applications: ['web'], objects: 1, sinceMs: NOW_MS - 60_000 },
  ];

  const { text } = pageOf(reportOf(sample, { left, notes: ['tag "Cost Center" is left out'] }), sample);
  const nothing = pageOf(reportOf(sample, { left: [] }), sample).text;

  assert.match(
    text,
    /2 clusters are declared no longer What stands in them stays, and nobody looks after it\. .*lab a, b, c, d, e and 2 more 40 2 h ago old web 1 1 m ago/,
  );
  assert.match(text, /tag "Cost Center" is left out/);
  assert.doesNotMatch(nothing, /declared no longer/);
});

test('leaves a cluster that is gone out of the sentence that answers', () => {
  const sample = sampleFleet(NOW_MS);
  const gone = [{ cluster: 'prod-us', set: 'shops', sinceMs: NOW_MS - 60_000 }];

  const { title, text } = pageOf(reportOf(sample, { gone }), sample);

  assert.equal(title, '3 of 3 clusters are true to 4f9c2e1');
  assert.match(text, /0 behind 0 unreachable/);
});
