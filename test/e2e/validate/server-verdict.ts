/** What a real API server says of an object: server-side apply as a dry run with strict field validation, as we apply. */
import { readFile } from 'node:fs/promises';
import { Agent, request } from 'undici';
import type { ApiAccess } from '../../controlplane/call-api.ts';

export interface ServerVerdict {
  /** `other`: it says nothing of the object itself: no rights, no namespace, an admission plugin. */
  readonly verdict: 'takes' | 'refuses' | 'other';
  readonly message: string;
  /** Of the `Warning` headers. */
  readonly warnings: readonly string[];
}

export interface ServerCall {
  /** `/apis/apps/v1/namespaces/x/deployments/web`. */
  readonly path: string;
  readonly body: unknown;
}

export interface AskServer {
  ask(call: ServerCall): Promise<ServerVerdict>;
  close(): Promise<void>;
}

export async function askServer({ server, caFile, token }: ApiAccess): Promise<AskServer> {
  const agent = new Agent({ connect: { ca: await readFile(caFile, 'utf8') }, allowH2: false, connections: 8 });
  return {
    close: () => agent.close(),
    ask: async ({ path, body }) => {
      const query = 'fieldManager=validate-test&dryRun=All&fieldValidation=Strict&force=true';
      const answer = await request(`${server}${path}?${query}`, {
        dispatcher: agent,
        method: 'PATCH',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/apply-patch+yaml' },
        body: JSON.stringify(body, (_key, value) => (typeof value === 'bigint' ? Number(value) : value)),
      });
      const text = await answer.body.text();
      const said = messageOf(text);
      const warnings = [answer.headers.warning ?? []].flat();
      if (answer.statusCode < 300) return { verdict: 'takes', message: '', warnings };
      const isOfObject = [400, 422, 500].includes(answer.statusCode);
      return { verdict: isOfObject ? 'refuses' : 'other', message: `${answer.statusCode} ${said}`, warnings };
    },
  };
}

function messageOf(text: string): string {
  try {
    const { message } = JSON.parse(text);
    return String(message);
  } catch {
    return text.slice(0, 500);
  }
}
