/** Everything that a stack tells anyone or keeps anywhere, as text. */
import { readdirSync, readFileSync } from 'node:fs';
import { inflateRawSync } from 'node:zlib';
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { AwsLocal } from '../aws-local.ts';

export interface Told {
  /** Where it was found, for the reader of a failing test. */
  readonly where: string;
  readonly text: string;
}

/** What is handed to the renderer and forgotten, and what is itself a request for a secret. */
const NOT_KEPT: ReadonlySet<string> = new Set(['lambda:Invoke', 'kms:Decrypt', 'sts:AssumeRole']);
const PAGES = ['/', '/problems', '/drift', '/runs', '/clusters/staging'];

/** Notes from now on what functions send to AWS: blobs, items, messages, events. */
export function recordRequests(aws: AwsLocal): readonly Told[] {
  const told: Told[] = [];
  aws.gateway.onRequest(({ service, operation, body, parameters }, caller, phase) => {
    const name = `${service}:${operation}`;
    if (phase !== 'executed' || NOT_KEPT.has(name)) return;
    const where = `${caller.name} ${name} ${String(parameters.Key ?? '')}`;
    told.push({ where, text: body.toString('latin1') }, { where, text: inflated(parameters) });
  });
  return told;
}

/** Returns logs, items, events, notifications, messages left over, and all pages. */
export async function toldByStack(aws: AwsLocal, applications: readonly string[]): Promise<readonly Told[]> {
  const items = await aws.table.items();
  const pages = [...PAGES, ...applications.map((name) => `/clusters/staging/applications/${name}`)];
  const html = [];
  for (const page of pages) {
    html.push({ where: `page ${page}`, text: JSON.stringify(await aws.invoke('dashboard-widget', { page })) });
  }
  const left = await aws.queue('dead-letters').drain();
  return [
    ...aws.logs().map((line) => ({ where: `log of ${line.function}`, text: line.text })),
    ...items.map((item) => ({ where: `item ${item.pk?.S} ${item.sk?.S}`, text: inflated(item) })),
    ...aws.bus.events.map((event) => ({ where: `event ${event['detail-type']}`, text: JSON.stringify(event) })),
    ...aws.notifications.map((one) => ({ where: 'notification', text: JSON.stringify(one) })),
    ...left.map((text) => ({ where: 'dead letter', text })),
    ...html,
  ];
}

/** Returns the secret parts of the credentials that functions run with. */
export function sessionSecrets(): readonly string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      const environment = readEnvironment(pid);
      if (!environment.includes('AWS_LAMBDA_RUNTIME_API=')) return [];
      return ['AWS_SESSION_TOKEN', 'AWS_SECRET_ACCESS_KEY'].flatMap(
        (name) => new RegExp(`(?:^|\\0)${name}=([^\\0]+)`).exec(environment)?.[1] ?? [],
      );
    });
}

function readEnvironment(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8');
  } catch {
    // Somebody else's, or ended.
    return '';
  }
}

/** Returns the value as JSON, packed texts unpacked. */
function inflated(value: unknown): string {
  return JSON.stringify(value, (_name, inner: unknown) => unpacked(inner) ?? inner);
}

function unpacked(value: unknown): string | undefined {
  const bytes = bytesOf(value);
  if (bytes === undefined) return undefined;
  try {
    return inflateRawSync(bytes).toString();
  } catch {
    return Buffer.from(bytes).toString('latin1');
  }
}

/** As the SDK has an attribute of bytes, and as it stands in a request. */
function bytesOf(value: unknown): Uint8Array | undefined {
  if (typeof value !== 'object' || value === null || !('B' in value)) return undefined;
  const { B: bytes }: Partial<AttributeValue> | { readonly B: unknown } = value;
  if (bytes instanceof Uint8Array) return bytes;
  return typeof bytes === 'string' ? Buffer.from(bytes, 'base64') : undefined;
}
