/** Every message that functions have sent, so that a test can send it again. */
import { isJsonObject } from '../../../shared/model/json.ts';
import type { AwsLocal } from '../aws-local.ts';
import type { AwsRequest } from '../gateway/aws-request.ts';
import { QUEUES, type QueueName } from './fault-stack.ts';

export interface SentMessage {
  readonly queue: QueueName;
  readonly body: string;
}

/** Calls `onSent` for each message that SQS has taken; the function returned ends that. */
export function watchSends(aws: AwsLocal, onSent: (message: SentMessage) => void | Promise<void>): () => void {
  const names = new Map(QUEUES.map((name) => [aws.queue(name).url, name]));
  return aws.gateway.onRequest(async (request, _caller, phase) => {
    if (phase !== 'executed') return;
    for (const { queueUrl, body } of messagesIn(request)) {
      const queue = names.get(queueUrl);
      if (queue !== undefined) await onSent({ queue, body });
    }
  });
}

/** Returns the messages that a request sends; none for another request. */
export function messagesIn({ service, operation, parameters }: AwsRequest) {
  if (service !== 'sqs' || !operation.startsWith('SendMessage')) return [];
  const entries = operation === 'SendMessageBatch' ? parameters.Entries : [parameters];
  return (Array.isArray(entries) ? entries : [])
    .filter(isJsonObject)
    .map((entry) => ({ queueUrl: String(parameters.QueueUrl), body: String(entry.MessageBody) }));
}
