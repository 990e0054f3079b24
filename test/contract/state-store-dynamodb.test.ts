import { after, before, describe } from 'node:test';
import { type Moto, startMoto } from '../aws/moto.ts';
import { pythonIsMissing } from '../aws/python-tools.ts';
import { makeTable, Worker } from './dynamodb-under-test.ts';
import { stateStoreContract } from './state-store-contract.ts';

describe('with moto', { skip: pythonIsMissing }, () => {
  let moto: Moto;
  before(async () => {
    moto = await startMoto();
  });
  after(() => moto.stop());

  stateStoreContract('DynamoDB', async () => {
    const worker = new Worker(moto, await makeTable(moto));
    return {
      store: worker.store,
      // As for a function that was frozen: nobody tells the store.
      pass: async (ms) => {
        worker.aheadMs += ms;
      },
      close: async () => worker.close(),
    };
  });
});
