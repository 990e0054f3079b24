/**
 * Limits of AWS that moto does not keep. Sources: API references of SQS (SendMessage, SendMessageBatch), EventBridge
 * (PutEvents), STS (AssumeRole), DynamoDB (quotas).
 */
import { isJsonObject } from '../../../shared/model/json.ts';
import type { AwsRequest } from './aws-request.ts';
import { RefusedRequest } from './service-error.ts';

type Check = (request: AwsRequest) => void;

const MIB = 1_048_576;
const MAX_DELAY_SECONDS = 900;
const MAX_ITEM_BYTES = 400 * 1024;
const MAX_EVENTS_BYTES = 1_048_576;
/** What SQS lets through: #x9 | #xA | #xD | #x20-#xD7FF | #xE000-#xFFFD | #x10000-#x10FFFF. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: the three control characters that are legal
const LEGAL_TEXT = /^[\u{9}\u{A}\u{D}\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]*$/u;
const LEGAL_GROUP = /^[A-Za-z0-9!"#$%&'()*+,\-./:;<=>?@[\\\]^_`{|}~]{1,128}$/;
const LEGAL_BATCH_ID = /^[A-Za-z0-9_-]{1,80}$/;
const LEGAL_SESSION_NAME = /^[\w+=,.@-]{2,64}$/;
const LEGAL_EXTERNAL_ID = /^[\w+=,.@:/-]{2,1224}$/;

const CHECKS: Readonly<Record<string, Check>> = {
  'sqs:SendMessage': ({ parameters }) => checkMessage(parameters),
  'sqs:SendMessageBatch': ({ parameters }) => {
    const entries = checkBatch(parameters.Entries);
    for (const entry of entries) checkMessage(entry);
    const bytes = entries.reduce((sum, { MessageBody: body }) => sum + Buffer.byteLength(String(body)), 0);
    if (bytes > MIB) refuse('AWS.SimpleQueueService.BatchRequestTooLong', `the batch has ${bytes} bytes`);
  },
  'sqs:DeleteMessageBatch': ({ parameters }) => void checkBatch(parameters.Entries),
  'sqs:ChangeMessageVisibilityBatch': ({ parameters }) => void checkBatch(parameters.Entries),
  'events:PutEvents': ({ parameters }) => checkEvents(parameters.Entries),
  'sts:AssumeRole': ({ parameters: { RoleSessionName: name, ExternalId: externalId, DurationSeconds: duration } }) => {
    if (!LEGAL_SESSION_NAME.test(String(name))) refuse('ValidationError', `roleSessionName "${name}" is not valid`);
    if (externalId !== undefined && !LEGAL_EXTERNAL_ID.test(String(externalId))) {
      refuse('ValidationError', 'externalId is not valid');
    }
    const seconds = Number(duration ?? 3600);
    if (seconds < 900 || seconds > 43_200) refuse('ValidationError', `durationSeconds ${seconds} is not in 900-43200`);
  },
  'dynamodb:PutItem': ({ parameters }) => checkItem(parameters.Item),
};

/** @throws {RefusedRequest} when AWS would not take it. */
export function checkLimits(request: AwsRequest): void {
  CHECKS[`${request.service}:${request.operation}`]?.(request);
}

function checkMessage({
  MessageBody: body,
  MessageGroupId: group,
  DelaySeconds: delay,
}: AwsRequest['parameters']): void {
  const text = String(body ?? '');
  if (text === '') refuse('MissingParameter', 'the message has no body');
  if (Buffer.byteLength(text) > MIB) refuse('InvalidParameterValue', `the message is longer than ${MIB} bytes`);
  if (!LEGAL_TEXT.test(text)) refuse('InvalidMessageContents', 'the message has characters that are not legal in XML');
  if (group !== undefined && !LEGAL_GROUP.test(String(group))) {
    refuse('InvalidParameterValue', `MessageGroupId "${group}" is not 1 to 128 letters, digits and punctuation`);
  }
  const seconds = Number(delay ?? 0);
  if (!Number.isInteger(seconds) || seconds < 0 || seconds > MAX_DELAY_SECONDS) {
    refuse('InvalidParameterValue', `DelaySeconds ${delay} is not in 0-${MAX_DELAY_SECONDS}`);
  }
}

function checkBatch(value: unknown): readonly Readonly<Record<string, unknown>>[] {
  const entries = Array.isArray(value) ? value.filter(isJsonObject) : [];
  if (entries.length === 0) refuse('AWS.SimpleQueueService.EmptyBatchRequest', 'the batch is empty');
  if (entries.length > 10) refuse('AWS.SimpleQueueService.TooManyEntriesInBatchRequest', `${entries.length} entries`);
  const ids = entries.map(({ Id: id }) => String(id));
  if (new Set(ids).size < ids.length) refuse('AWS.SimpleQueueService.BatchEntryIdsNotDistinct', ids.join(', '));
  const wrong = ids.find((id) => !LEGAL_BATCH_ID.test(id));
  if (wrong !== undefined) refuse('AWS.SimpleQueueService.InvalidBatchEntryId', wrong);
  return entries;
}

function checkEvents(value: unknown): void {
  const entries = Array.isArray(value) ? value.filter(isJsonObject) : [];
  if (entries.length === 0 || entries.length > 10)
    refuse('ValidationException', `${entries.length} entries, not 1 to 10`);
  const bytes = entries.reduce((sum, entry) => sum + Buffer.byteLength(JSON.stringify(entry)), 0);
  if (bytes > MAX_EVENTS_BYTES) refuse('PutEventsRequestEntrySizeException', `the entries have ${bytes} bytes`);
  for (const { Detail: detail, Source: source, DetailType: type } of entries) {
    if (String(source).startsWith('aws.')) refuse('NotAuthorizedForSourceException', `source ${source} is AWS's own`);
    if (source === undefined || type === undefined) refuse('InvalidArgument', 'an entry needs Source and DetailType');
    try {
      if (isJsonObject(JSON.parse(String(detail)))) continue;
    } catch {
      // Said below, as for any other Detail that is no object.
    }
    refuse('MalformedDetail', 'Detail is no JSON object');
  }
}

function checkItem(item: unknown): void {
  const bytes = Buffer.byteLength(JSON.stringify(item ?? {}));
  if (bytes > MAX_ITEM_BYTES)
    refuse('ValidationException', `Item size has exceeded the maximum allowed size: ${bytes}`);
}

function refuse(code: string, message: string): never {
  throw new RefusedRequest({ code, message });
}
