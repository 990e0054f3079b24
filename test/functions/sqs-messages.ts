/** What an event source mapping hands over, and an SQS that takes whatever it is told and keeps it. */
import { SQSClient } from '@aws-sdk/client-sqs';
import type { SQSEvent, SQSRecord } from 'aws-lambda';
import type { MessagePlace } from '../../shared/adapters/sqs/sqs-message.ts';

const QUEUE_URL = 'https://sqs.eu-west-1.amazonaws.com/123456789012/own';
const DEAD_LETTER_URL = 'https://sqs.eu-west-1.amazonaws.com/123456789012/dead';

function sqsRecord(body: unknown, messageId = '059f36b4-87a3-44ab-83d2-661975830a7d'): SQSRecord {
  return {
    messageId,
    receiptHandle: `handle-of-${messageId}`,
    body: typeof body === 'string' ? body : JSON.stringify(body),
    attributes: {
      ApproximateReceiveCount: '1',
      SentTimestamp: '1545082649183',
      SenderId: 'AIDAIENQZJOLO23YVJ4VO',
      ApproximateFirstReceiveTimestamp: '1545082649185',
      MessageGroupId: 'prod',
    },
    messageAttributes: {},
    md5OfBody: 'e4e68fb7bd0e697a0ae8f1bb342846b3',
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn:aws:sqs:eu-west-1:123456789012:own',
    awsRegion: 'eu-west-1',
  };
}

export function sqsEvent(...bodies: readonly unknown[]): SQSEvent {
  return { Records: bodies.map((body, index) => sqsRecord(body, `message-${index}`)) };
}

interface SentRequest {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** Returns a place whose client keeps each request: `Action url body`. */
export function recordedPlace(): { readonly place: MessagePlace; readonly requests: string[] } {
  const requests: string[] = [];
  const client = new SQSClient({
    region: 'eu-west-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    // The answer's checksum is not made here.
    md5: false,
    requestHandler: {
      handle: async ({ headers, body }: SentRequest) => {
        requests.push(`${headers['x-amz-target']?.replace('AmazonSQS.', '')} ${new TextDecoder().decode(body)}`);
        return { response: { statusCode: 200, headers: {}, body: new TextEncoder().encode('{}') } };
      },
    },
  });
  return { place: { client, queueUrl: QUEUE_URL, deadLetterQueueUrl: DEAD_LETTER_URL }, requests };
}
