import { describe } from 'node:test';
import { askContract } from './state-store-contract-asked.ts';
import { planContract } from './state-store-contract-plans.ts';
import { statusContract } from './state-store-contract-statuses.ts';
import { workContract } from './state-store-contract-work.ts';
import type { MakeStateStore } from './state-store-harness.ts';

/** What every state store does, whatever it is made of. */
export function stateStoreContract(name: string, make: MakeStateStore): void {
  describe(`the state store contract holds for ${name}`, () => {
    workContract(make);
    planContract(make);
    statusContract(make);
    askContract(make);
  });
}
