import type { JsonObject } from '../../../shared/model/json.ts';
import { HEALTHY, judges, liveObjects } from './judge.ts';

const shop = liveObjects('shop.example/v1', 'Shop');
const conditions = (...list: readonly JsonObject[]) =>
  shop({ metadata: { generation: 2 }, status: { conditions: list } });

judges(
  'an object that is being deleted is terminating, whatever else it says',
  shop({
    metadata: { deletionTimestamp: '2026-11-21T11:58:00Z', finalizers: ['shop.example/till', 'x'] },
    status: { conditions: [{ type: 'Ready', status: 'True' }] },
  }),
  ['progressing', 'terminating since 2026-11-21T11:58:00Z, waits for finalizers shop.example/till, x'],
);
judges(
  'an object without finalizers that is being deleted is terminating',
  shop({ metadata: { deletionTimestamp: '2026-11-21T11:58:00Z' } }),
  ['progressing', 'terminating since 2026-11-21T11:58:00Z'],
);
judges(
  'an object whose controller lags behind is progressing although Ready',
  shop({
    metadata: { generation: 3 },
    status: { observedGeneration: 2, conditions: [{ type: 'Ready', status: 'True' }] },
  }),
  ['progressing', 'its controller has seen generation 2, not yet 3'],
);
judges(
  'the generation goes before a kind rule',
  liveObjects(
    'apps/v1',
    'Deployment',
  )({ metadata: { generation: 3 }, spec: { paused: true }, status: { observedGeneration: 2 } }),
  ['progressing', 'its controller has seen generation 2, not yet 3'],
);
judges(
  'an object that is Reconciling is progressing',
  conditions({ type: 'Reconciling', status: 'True', reason: 'Step', message: 'making\n tills' }),
  ['progressing', 'Reconciling is True: Step: making tills'],
);
judges('an object that is Stalled is degraded', conditions({ type: 'Stalled', status: 'True', reason: 'NoMoney' }), [
  'degraded',
  'Stalled is True: NoMoney',
]);
judges(
  'Stalled goes before Reconciling, wherever it stands',
  conditions({ type: 'Reconciling', status: 'True' }, { type: 'Stalled', status: 'True' }),
  ['degraded', 'Stalled is True'],
);
judges(
  'a Reconciling that only tries again leaves the word to what failed',
  conditions(
    { type: 'Reconciling', status: 'True', reason: 'ProgressingWithRetry' },
    { type: 'Ready', status: 'False', reason: 'InstallFailed' },
  ),
  ['degraded', 'Ready is False: InstallFailed'],
);
judges(
  'a reason that tells of a failure is degraded, whichever condition comes first',
  conditions({ type: 'Synced', status: 'False' }, { type: 'Ready', status: 'False', reason: 'TillNotFound' }),
  ['degraded', 'Ready is False: TillNotFound'],
);
judges('a condition that says Paused is suspended', conditions({ type: 'Paused', status: 'True' }), [
  'suspended',
  'Paused is True',
]);
judges(
  'conditions about parts count where none is about the whole',
  conditions({ type: 'TillsReady', status: 'False' }),
  ['progressing', 'TillsReady is False'],
);
judges(
  'conditions about parts do not count beside one about the whole',
  conditions({ type: 'TillsReady', status: 'False' }, { type: 'Ready', status: 'True' }),
  HEALTHY,
);
judges('a status of true without quotes is True', conditions({ type: 'Ready', status: true }), HEALTHY);
for (const [phase, health] of [
  ['Failed', 'degraded'],
  ['Provisioning', 'progressing'],
  ['Paused', 'suspended'],
] as const) {
  judges(
    `the phase ${phase} of an unknown kind is ${health} although Ready`,
    shop({ status: { phase, conditions: [{ type: 'Ready', status: 'True' }] } }),
    [health, `status.phase is ${phase}`],
  );
}
judges('a phase of unknown meaning changes nothing', shop({ status: { phase: 'Strolling' } }), HEALTHY);
judges(
  'Reconciling and Stalled count only when True',
  conditions({ type: 'Stalled', status: 'False' }, { type: 'Reconciling', status: 'Unknown' }),
  HEALTHY,
);
judges('a custom resource that is Ready is healthy', conditions({ type: 'Ready', status: 'True' }), HEALTHY);
judges(
  'a custom resource that is not Ready is progressing',
  conditions({ type: 'Ready', status: 'False', reason: 'NoTill' }),
  ['progressing', 'Ready is False: NoTill'],
);
judges(
  'a custom resource that does not know whether it is Ready is progressing',
  conditions({ type: 'Ready', status: 'Unknown' }),
  ['progressing', 'Ready is Unknown'],
);
judges(
  'a Ready that speaks of an older generation does not count',
  conditions({ type: 'Ready', status: 'True', observedGeneration: 1 }),
  ['progressing', 'condition Ready speaks of generation 1, not yet of 2'],
);
judges(
  'a Ready of the present generation counts',
  conditions({ type: 'Ready', status: 'True', observedGeneration: 2 }),
  HEALTHY,
);
for (const type of ['Available', 'Healthy', 'Synced', 'Accepted', 'Programmed']) {
  judges(
    `a custom resource that is not ${type} is progressing although Ready`,
    conditions({ type: 'Ready', status: 'True' }, { type, status: 'False' }),
    ['progressing', `${type} is False`],
  );
}
for (const type of ['Failed', 'Degraded', 'Error']) {
  judges(
    `a custom resource that is ${type} is degraded although Ready`,
    conditions({ type: 'Ready', status: 'True' }, { type, status: 'True' }),
    ['degraded', `${type} is True`],
  );
}
judges('a custom resource without a status is healthy', shop({}), HEALTHY);
judges('a condition of unknown meaning changes nothing', conditions({ type: 'TillsOpen', status: 'False' }), HEALTHY);
judges('conditions that are no list change nothing', shop({ status: { conditions: 'none' } }), HEALTHY);
judges(
  'a kind of another group with a known name has no kind rule',
  liveObjects('shop.example/v1', 'Service')({ spec: { type: 'LoadBalancer' } }),
  HEALTHY,
);
