import { readFile } from 'node:fs/promises';
import { Agent, request } from 'undici';

/** What it takes to talk to a cluster. Every TestCluster has it. */
export interface ApiAccess {
  readonly server: string;
  readonly caFile: string;
  readonly token: string;
}

export interface ApiCall {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** `application/json` unless said otherwise. */
  readonly contentType?: string;
  readonly userAgent?: string;
}

export interface ApiAnswer {
  readonly status: number;
  /** Parsed if it is JSON, and text otherwise. */
  readonly body: unknown;
}

/** Sends one request, on a connection of its own, as the owner of `access.token`; every status is an answer. */
export async function callApi(access: ApiAccess, call: ApiCall): Promise<ApiAnswer> {
  const agent = new Agent({ connect: { ca: await readFile(access.caFile, 'utf8') }, allowH2: false });
  try {
    const { statusCode, headers, body } = await request(`${access.server}${call.path}`, {
      dispatcher: agent,
      method: call.method ?? 'GET',
      headers: {
        authorization: `Bearer ${access.token}`,
        'content-type': call.contentType ?? 'application/json',
        'user-agent': call.userAgent ?? 'plumbline-test',
      },
      ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
    });
    const text = await body.text();
    const isJson = String(headers['content-type']).startsWith('application/json');
    return { status: statusCode, body: isJson ? JSON.parse(text) : text };
  } finally {
    await agent.close();
  }
}
