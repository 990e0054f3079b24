import type { KindRules } from '../rule-for.ts';

/** KubeVirt and what it imports. */
export const MACHINES: KindRules = {
  'VirtualMachine.kubevirt.io': {
    steps: [
      {
        field: 'status.printableStatus',
        is: {
          Running: 'healthy',
          Stopped: 'suspended',
          Paused: 'suspended',
          Starting: 'progressing',
          Stopping: 'progressing',
          Terminating: 'progressing',
          Migrating: 'progressing',
          Provisioning: 'progressing',
          'WaitingFor*': 'progressing',
          '*': 'degraded',
        },
      },
    ],
  },
  'VirtualMachineInstance.kubevirt.io': {
    steps: [
      { condition: 'Paused', is: { True: 'suspended' } },
      { field: 'status.phase', is: { Failed: 'degraded', Succeeded: 'suspended' } },
      { condition: 'Ready', is: { True: 'healthy' } },
    ],
  },
  'DataVolume.cdi.kubevirt.io': {
    steps: [
      {
        field: 'status.phase',
        is: { Succeeded: 'healthy', Failed: 'degraded', Paused: 'suspended', Unknown: 'unknown', '*': 'progressing' },
      },
    ],
  },
};
