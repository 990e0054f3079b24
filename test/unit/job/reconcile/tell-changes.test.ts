import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { tellChanges } from '../../../../shared/job/reconcile/tell-changes.ts';
import type { JobEvent } from '../../../../shared/model/job-event.ts';
import type { ApplicationStatus, ClusterItem } from '../../../../shared/model/status.ts';
import { NEW_WORK_ITEM } from '../../../../shared/model/work-item.ts';

const ITEM: ClusterItem = { cluster: 'prod', work: NEW_WORK_ITEM };
const WEB: ApplicationStatus = {
  ...{ cluster: 'prod', application: 'web', sync: 'synced', health: 'healthy', healthReason: '', revision: 'a' },
  ...{ inputDigest: 'd1', sinceMs: 1, objects: 3, problems: [], suspend: false, waitingFor: '' },
};

function told(before: readonly ApplicationStatus[], after: readonly ApplicationStatus[]): readonly JobEvent[] {
  const events: JobEvent[] = [];
  const notifier = { notify: (event: JobEvent) => events.push(event) };
  tellChanges(notifier, { run: 'r1', cluster: 'prod', item: ITEM }, { before, after });
  return events;
}

describe('what a run tells of its applications', () => {
  it('tells nothing of one that is as it was, whatever else was counted', () => {
    assert.deepEqual(told([WEB], [{ ...WEB, sinceMs: 2, objects: 4, revision: 'b' }]), []);
  });

  it('tells one that is new', () => {
    assert.deepEqual(told([], [WEB]), [{ event: 'application-changed', run: 'r1', application: WEB }]);
  });

  it('tells one whose sync, health, input, problems or wait became different, with what it was', () => {
    const problem = { code: 'Forbidden', subject: 's', act: 'apply', wrong: 'w', remedy: '' } as const;
    const changes: readonly Partial<ApplicationStatus>[] = [
      { sync: 'out-of-sync' },
      { health: 'degraded' },
      { inputDigest: 'd2' },
      { problems: [problem] },
      { waitingFor: 'ingress' },
    ];
    for (const change of changes) {
      const application = { ...WEB, ...change };

      assert.deepEqual(told([WEB], [application]), [
        { event: 'application-changed', run: 'r1', application, before: WEB },
      ]);
    }
  });
});
