import { SQSClient } from '@aws-sdk/client-sqs';
import { clientSettings } from '../../shared/adapters/aws/client-settings.ts';
import type { MessagePlace } from '../../shared/adapters/sqs/sqs-message.ts';
import { SqsQueue } from '../../shared/adapters/sqs/sqs-queue.ts';
import type { FunctionSettings } from '../../shared/config/function-settings.ts';
import { PlumblineError } from '../../shared/errors.ts';
import type { Queue } from '../../shared/job/ports.ts';
import { once } from './invocation.ts';

const sqsClient = once(() => new SQSClient(clientSettings()));

/** Returns the queues that the function may send to: those whose URLs it was given. */
export function openQueue(settings: FunctionSettings): Queue {
  return new SqsQueue(sqsClient(), {
    fleet: settings.optional('fleetQueueUrl'),
    render: settings.optional('renderQueueUrl'),
    clusters: settings.texts('clusterQueueUrls'),
    deadLetters: settings.optional('deadLetterQueueUrl'),
  });
}

/** Returns where the function's own messages come from: the queue whose URL is given. */
export function messagesFrom(settings: FunctionSettings, queueUrl: string): MessagePlace {
  return { client: sqsClient(), queueUrl, deadLetterQueueUrl: settings.text('deadLetterQueueUrl') };
}

/** Returns where a worker's messages come from: the queue of its network. @throws {ConfigInvalid} when there is none. */
export function messagesOfNetwork(settings: FunctionSettings): MessagePlace {
  const network = settings.optional('network') ?? '';
  const url = settings.texts('clusterQueueUrls').get(network);
  if (url !== undefined) return messagesFrom(settings, url);
  throw new PlumblineError([
    {
      code: 'ConfigInvalid',
      subject: network === '' ? 'clusters without a network' : `network ${network}`,
      act: 'find the queue of the worker',
      wrong: 'the stack named none',
      remedy: 'deploy the stack again; it names the queues',
    },
  ]);
}
