import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { EVENT_TYPES } from '../../../../shared/config/names.ts';
import {
  EVENT_SCHEMAS,
  eventJsonSchema,
  eventSchemaFile,
  FLEET_EVENT_TYPES,
  type FleetEvent,
} from '../../../../shared/model/fleet-event.ts';
import type { JobEvent } from '../../../../shared/model/job-event.ts';
import type { Problem } from '../../../../shared/model/problem.ts';
import type { ApplicationStatus, RunSummary, SeenDrift } from '../../../../shared/model/status.ts';
import { describeEvents } from '../../../../shared/report/events/describe-events.ts';
import { fleetEventsOf } from '../../../../shared/report/events/fleet-events.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..', '..');
const NOW_MS = Date.parse('2026-11-21T12:00:00Z');
const REVISION = '4f9c2e1d000000000000000000000000000000aa';
const COMMIT = { revision: REVISION, subject: 'Raise the limit', author: 'Ana', committedAtMs: NOW_MS };

const problemOf = (wrong: string, changes: Partial<Problem> = {}): Problem => ({
  ...{ code: 'AdmissionDenied', subject: 'Deployment.apps/web/api', act: 'apply', wrong, remedy: 'change it' },
  ...changes,
});
const LATE = problemOf('Deployment api: 1 of 2 ready, for longer than 10m', { code: 'HealthTimeout' });
const statusOf = (changes: Partial<ApplicationStatus> = {}): ApplicationStatus => ({
  ...{ cluster: 'prod-eu', application: 'web', sync: 'synced', health: 'healthy', healthReason: '' },
  ...{
    revision: REVISION,
    inputDigest: 'd1',
    sinceMs: NOW_MS,
    objects: 3,
    problems: [],
    suspend: false,
    waitingFor: '',
  },
  ...changes,
});
const driftOf = (changes: Partial<SeenDrift> = {}): SeenDrift => ({
  ref: { group: 'apps', kind: 'Deployment', namespace: 'web', name: 'api' },
  ...{ application: 'web', cluster: 'prod-eu', kind: 'changed', seenAtMs: NOW_MS, act: 'healed' },
  fields: [{ path: 'spec.replicas', pointer: '/spec/replicas', wanted: 2, found: 7, manager: 'kubectl' }],
  ...changes,
});
const runOf = (drift: readonly SeenDrift[]): RunSummary => ({
  ...{ run: 'r1', cluster: 'prod-eu', cause: 'sweep', startedAtMs: NOW_MS, durationMs: 1, requests: 3 },
  ...{ revision: REVISION, stagesMs: {}, problems: [], drift },
  counts: { created: 0, configured: 0, unchanged: 3, pruned: 0, skipped: 0, failed: 0 },
});

/** The events of what was told, each checked against its own schema, with no field beyond it. */
function eventsOf(told: JobEvent): readonly FleetEvent[] {
  const events = fleetEventsOf(told, { fleet: 'prod', nowMs: NOW_MS });
  for (const { type, detail } of events) assert.deepEqual(EVENT_SCHEMAS[type].strict().parse(detail), detail);
  return events;
}
const changed = (application: ApplicationStatus, before?: ApplicationStatus): JobEvent => ({
  ...{ event: 'application-changed', run: 'r1', application },
  ...(before && { before }),
});
const typesOf = (told: JobEvent) => eventsOf(told).map(({ type }) => type);
const ran = (drift: readonly SeenDrift[], last?: readonly SeenDrift[]): JobEvent => ({
  ...{ event: 'run-ended', run: runOf(drift), applications: [] },
  ...(last && { last: runOf(last) }),
});

describe('events of an application', () => {
  const progressing = statusOf({ health: 'progressing' });

  it('tell that it arrived once it is synced and healthy', () => {
    assert.deepEqual(typesOf(changed(progressing)), []);
    const [event] = eventsOf(changed(statusOf(), progressing));

    assert.deepEqual(event, {
      type: 'ApplicationSynced',
      detail: {
        ...{ fleet: 'prod', cluster: 'prod-eu', application: 'web', commit: REVISION, run: 'r1' },
        since: '2026-11-21T12:00:00.000Z',
        text: 'prod-eu / web: synced and healthy at 4f9c2e1',
      },
    });
  });

  it('tell it again for another input, not for the same one', () => {
    assert.deepEqual(typesOf(changed(statusOf({ inputDigest: 'd2' }), statusOf())), ['ApplicationSynced']);
    assert.deepEqual(typesOf(changed(statusOf({ objects: 4 }), statusOf())), []);
  });

  it('do not tell that it arrived while it waits for another', () => {
    assert.deepEqual(typesOf(changed(statusOf({ waitingFor: 'ingress' }))), []);
  });

  it('tell a failure with its first problems, once for the same ones', () => {
    const problems = Array.from({ length: 7 }, (_, i) => problemOf(`reason ${i}`));
    const failed = statusOf({ sync: 'out-of-sync', problems });
    const [event] = eventsOf(changed(failed, statusOf()));

    assert.equal(event?.type, 'ApplicationFailed');
    assert.partialDeepStrictEqual(event.detail, {
      problemCount: 7,
      text: 'prod-eu / web: failed at 4f9c2e1: Deployment.apps/web/api: apply: reason 0; change it and 6 more',
    });
    assert.equal(event.detail.problems.length, 5);
    assert.deepEqual(typesOf(changed(failed, failed)), []);
    const other = { ...failed, problems: [problemOf('another reason')] };
    assert.deepEqual(typesOf(changed(other, failed)), ['ApplicationFailed']);
  });

  it('tell that it is degraded, once, and that it arrived when it has recovered', () => {
    const degraded = statusOf({ health: 'degraded', healthReason: 'Deployment api: too late', problems: [LATE] });

    assert.deepEqual(typesOf(changed(degraded, progressing)), ['ApplicationDegraded']);
    assert.deepEqual(typesOf(changed({ ...degraded, problems: [] }, degraded)), []);
    assert.deepEqual(typesOf(changed(statusOf(), degraded)), ['ApplicationSynced']);
  });

  it('leave the commit away where nothing was brought in yet', () => {
    const missing = statusOf({
      sync: 'out-of-sync',
      health: 'missing',
      revision: '',
      problems: [problemOf('no chart')],
    });
    const [event] = eventsOf(changed(missing));

    assert.equal(event?.type, 'ApplicationFailed');
    assert.equal('commit' in event.detail, false);
  });
});

describe('events of drift', () => {
  it('tell each application what was put back and what was left, without a value', () => {
    const left = driftOf({ application: 'db', act: 'reported' });
    const events = eventsOf(ran([driftOf(), driftOf({ kind: 'deleted', fields: [] }), left]));

    assert.deepEqual(
      events.map(({ type, detail }) => [type, 'application' in detail && detail.application]),
      [
        ['DriftHealed', 'web'],
        ['DriftDetected', 'db'],
      ],
    );
    assert.partialDeepStrictEqual(events[0]?.detail, {
      objects: [
        { object: 'Deployment.apps/web/api', kind: 'changed', fields: [{ path: 'spec.replicas', manager: 'kubectl' }] },
        { object: 'Deployment.apps/web/api', kind: 'deleted', fields: [] },
      ],
      objectCount: 2,
      text: 'prod-eu / web: Deployment.apps/web/api drifted (changed) and was put back, and 1 other object',
    });
  });

  it('tell what is left once, and what is healed each time', () => {
    const left = driftOf({ act: 'reported' });

    assert.deepEqual(typesOf(ran([left])), ['DriftDetected']);
    assert.deepEqual(typesOf(ran([left], [left])), []);
    assert.deepEqual(typesOf(ran([driftOf({ act: 'failed' })], [left])), ['DriftDetected']);
    assert.deepEqual(typesOf(ran([driftOf()], [driftOf()])), ['DriftHealed']);
  });
});

describe('events of clusters and plans', () => {
  const problems = [problemOf('connect ECONNREFUSED 10.0.0.1:443', { code: 'ClusterUnreachable', subject: 'prod-eu' })];
  const away = { event: 'cluster-unreachable', cluster: 'prod-eu', problems, sinceMs: NOW_MS } as const;

  it('tell that a cluster went away, not that it is away for another reason', () => {
    const [event] = eventsOf({ ...away, isFirst: true });

    assert.equal(event?.type, 'ClusterUnreachable');
    assert.match(
      event.detail.text,
      /^prod-eu: out of reach, tried again by itself: prod-eu: apply: connect ECONNREFUSED/,
    );
    assert.deepEqual(typesOf({ ...away, isFirst: false }), []);
  });

  it('tell that it came back, and after how long', () => {
    const [event] = eventsOf({
      event: 'cluster-recovered',
      cluster: 'prod-eu',
      unreachableSinceMs: NOW_MS - 7_260_000,
    });

    assert.equal(event?.detail.text, 'prod-eu: reached again after 2 h 1 m');
  });

  it('tell that a commit is refused, or that the branch cannot be read', () => {
    const [refused] = eventsOf({ event: 'plan-refused', commit: COMMIT, problems });
    const [unread] = eventsOf({ event: 'plan-refused', problems });

    assert.match(refused?.detail.text ?? '', /^fleet prod: 4f9c2e1 is refused; the clusters stay as they are: /);
    assert.match(unread?.detail.text ?? '', /^fleet prod: the branch cannot be read; /);
  });

  it('tell nothing of plans and renderings that went well', () => {
    assert.deepEqual(typesOf({ event: 'planned', commit: COMMIT, clusters: ['prod-eu'], durationMs: 1 }), []);
    assert.deepEqual(typesOf({ event: 'rendered', application: 'web', durationMs: 1 }), []);
  });
});

describe('what no event says', () => {
  it('leaves away what an API server quoted of a value, passwords in URLs, and all that is wrong with a Secret', () => {
    const problems = [
      problemOf('spec.x: Invalid value: "hunter2 \\"and\\" more": must be a number, y: Duplicate value: "hunter2"'),
      problemOf('spec.ports[0]: Invalid value: hunter2: must be a number'),
      problemOf('cannot fetch https://ana:hunter2@git.example/x'),
      problemOf('data.password: hunter2 is not base64', { subject: 'Secret/web/db' }),
    ];
    const failed = statusOf({
      sync: 'out-of-sync',
      problems,
      healthReason: 'https://ana:hunter2@git.example/x',
      health: 'degraded',
    });

    const text = JSON.stringify(eventsOf(changed(failed)));

    assert.doesNotMatch(text, /hunter2/);
    assert.match(text, /Invalid value: \*\*\*: must be a number, y: Duplicate value: \*\*\*/);
  });

  it('stays far below what an event may hold, whatever is wrong', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 5_000 }), (wrong) => {
        const problems = Array.from({ length: 20 }, () => problemOf(wrong));
        const drift = Array.from({ length: 200 }, () => driftOf({ act: 'reported' }));
        const events = [...eventsOf(changed(statusOf({ sync: 'out-of-sync', problems }))), ...eventsOf(ran(drift))];

        for (const event of events) assert.ok(Buffer.byteLength(JSON.stringify(event)) < 64_000);
      }),
      { numRuns: 20 },
    );
  });
});

describe('the published form of events', () => {
  it('has a schema for each type on the bus, and no other', () => {
    assert.deepEqual([...FLEET_EVENT_TYPES], [...EVENT_TYPES]);
    for (const type of FLEET_EVENT_TYPES) {
      const text = readFileSync(join(ROOT, 'schema', 'events', eventSchemaFile(type)), 'utf8');
      assert.deepEqual(JSON.parse(text), JSON.parse(JSON.stringify(eventJsonSchema(type))));
    }
  });

  it('is what docs/events.md says', () => {
    assert.ok(readFileSync(join(ROOT, 'docs', 'events.md'), 'utf8').includes(describeEvents()));
  });
});
