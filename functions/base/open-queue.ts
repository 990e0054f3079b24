import { SQSClient } from '@aws-sdk/client-sqs';
import { clientSettings } from '../../shared/adapters/aws/client-settings.ts';
import type { MessagePlace } from '../../shared/adapters/sqs/sqs-message.ts';
import { SqsQueue } from '../../shared/adapters/sqs/sqs-queue.ts';
import type { FunctionSettings } from '../../shared/config/function-settings.ts';
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
