/** STS in front of moto: its answers are noted for the token verifier, and it can refuse as the real one does. */
import { createServer } from 'node:http';
import { buffer } from 'node:stream/consumers';
import type { KnownIdentities } from './identities.ts';

export interface StsRequest {
  readonly action: string;
  readonly roleArn: string | undefined;
  readonly roleSessionName: string | undefined;
  readonly externalId: string | undefined;
}

export interface StsFault {
  readonly status: number;
  readonly code: string;
  readonly message: string;
}

export interface TestSts {
  /** For AWS_ENDPOINT_URL_STS. */
  readonly url: string;
  readonly requests: readonly StsRequest[];
  /** Answers that are to be faults; undefined: none. */
  setFault(fault: ((request: StsRequest) => StsFault | undefined) | undefined): void;
  stop(): Promise<void>;
}

/** Starts it; every session that moto gives out is known to `identities`. */
export async function startSts(motoUrl: string, identities: KnownIdentities): Promise<TestSts> {
  const requests: StsRequest[] = [];
  let fault: ((request: StsRequest) => StsFault | undefined) | undefined;
  const server = createServer(async (request, response) => {
    const body = await buffer(request);
    const asked = readStsRequest(body.toString('utf8'));
    requests.push(asked);
    const broken = fault?.(asked);
    if (broken !== undefined) {
      response.writeHead(broken.status, { 'content-type': 'text/xml' });
      const error = `<Type>Sender</Type><Code>${broken.code}</Code><Message>${broken.message}</Message>`;
      response.end(`<ErrorResponse><Error>${error}</Error><RequestId>1</RequestId></ErrorResponse>`);
      return;
    }
    const { authorization = '', 'content-type': type = '' } = request.headers;
    // The signature holds for any host: moto checks none, and finds the service in it.
    const answer = await fetch(motoUrl, { method: 'POST', body, headers: { authorization, 'content-type': type } });
    const text = await answer.text();
    if (answer.ok && asked.action === 'AssumeRole') identities.noteAssumedRole(text);
    response.writeHead(answer.status, { 'content-type': 'text/xml' });
    response.end(text);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  server.unref();
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    requests,
    setFault: (next) => {
      fault = next;
    },
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function readStsRequest(body: string): StsRequest {
  const form = new URLSearchParams(body);
  const read = (name: string) => form.get(name) ?? undefined;
  return {
    action: read('Action') ?? '',
    roleArn: read('RoleArn'),
    roleSessionName: read('RoleSessionName'),
    externalId: read('ExternalId'),
  };
}
