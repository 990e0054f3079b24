import { after, before } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { SQSClient } from '@aws-sdk/client-sqs';
import { SqsQueue } from '../../shared/adapters/sqs/sqs-queue.ts';
import { type Moto, startMoto } from '../aws/moto.ts';
import { pythonIsMissing } from '../aws/python-tools.ts';
import { makeQueues, readDeadLetters } from '../aws/queues.ts';
import { queueContract } from './queue-contract.ts';

let moto: Moto;
before(async () => {
  if (!pythonIsMissing) moto = await startMoto();
});
after(() => moto?.stop());

queueContract(
  'SQS',
  async () => {
    const client = new SQSClient({ region: moto.region, endpoint: moto.url, credentials: moto.credentials });
    const urls = await makeQueues(client);
    return {
      queue: new SqsQueue(client, urls),
      // Moto's clock is the real one.
      pass: (ms) => pause(ms),
      rejected: () => readDeadLetters(client, urls.deadLetters),
      close: async () => client.destroy(),
    };
  },
  { concurrency: true, skip: pythonIsMissing },
);
