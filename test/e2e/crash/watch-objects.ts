import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { Agent, request } from 'undici';
import { z } from 'zod';
import type { ApiAccess } from '../../controlplane/call-api.ts';

const EVENT = z.object({
  type: z.enum(['ADDED', 'MODIFIED', 'DELETED', 'BOOKMARK', 'ERROR']),
  object: z.object({
    metadata: z.object({
      name: z.string(),
      uid: z.string(),
      labels: z.record(z.string(), z.string()).optional(),
      annotations: z.record(z.string(), z.string()).optional(),
    }),
    data: z.record(z.string(), z.string()).optional(),
  }),
});

/** One thing that happened to an object, as the API server tells everybody; what changes nothing is never told. */
export interface ObjectEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly name: string;
  readonly uid: string;
  readonly data: Readonly<Record<string, string>>;
  /** Everything that we write: data, labels, annotations. */
  readonly content: string;
}

export interface ObjectWatch {
  /** In the order of the API server, from the beginning. */
  readonly events: readonly ObjectEvent[];
  close(): Promise<void>;
}

/** Watches the ConfigMaps of a namespace that carry `labelSelector`. */
export async function watchConfigMaps(
  access: ApiAccess,
  where: { readonly namespace: string; readonly labelSelector: string },
): Promise<ObjectWatch> {
  const agent = new Agent({ connect: { ca: await readFile(access.caFile, 'utf8') }, allowH2: false, bodyTimeout: 0 });
  const query = new URLSearchParams({ watch: 'true', labelSelector: where.labelSelector });
  const { body, statusCode } = await request(
    `${access.server}/api/v1/namespaces/${where.namespace}/configmaps?${query}`,
    { dispatcher: agent, headers: { authorization: `Bearer ${access.token}`, 'user-agent': 'plumbline-test-watch' } },
  );
  if (statusCode !== 200) throw new Error(`watch: status ${statusCode}`);
  const events: ObjectEvent[] = [];
  const lines = createInterface({ input: body });
  lines.on('line', (line) => {
    const { type, object } = EVENT.parse(JSON.parse(line));
    if (type === 'ERROR' || type === 'BOOKMARK') throw new Error(`watch: ${line}`);
    const { metadata, data = {} } = object;
    const content = JSON.stringify([data, metadata.labels, metadata.annotations]);
    events.push({ type, name: metadata.name, uid: metadata.uid, data, content });
  });
  body.on('error', () => lines.close());
  return {
    events,
    async close() {
      lines.close();
      await agent.destroy();
    },
  };
}
