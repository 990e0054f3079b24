/** What stands between clients and an API server: a certificate of an authority that the test changes, or trouble. */
import { readFileSync } from 'node:fs';
import { Agent, createServer as createHttpsServer, request as requestHttps } from 'node:https';
import { createServer as createNetServer, type Server, type Socket } from 'node:net';
import { type Certificate, issueCertificate } from '../../controlplane/assets/certificate.ts';
import type { TestCluster } from '../../controlplane/test-cluster.ts';

export interface TlsFront {
  readonly url: string;
  /** PEM of the authority that signed its certificate. */
  readonly certificateAuthority: string;
  /** Requests that arrived. */
  readonly requests: number;
  /** Shows a certificate of another authority from now on, and ends the connections that stand. */
  use(authority: Certificate): void;
  stop(): Promise<void>;
}

export interface FrontOptions {
  /** Default: one of its own. */
  readonly authority?: Certificate;
  /** Connections are cut off before anything is said. */
  readonly reset?: boolean;
  /** Every request is answered with this status. Default: it goes on to the API server. */
  readonly answer?: number;
}

let authorities = 0;

/** Returns an authority of its own name. */
export function makeAuthority(): Certificate {
  authorities += 1;
  return issueCertificate({ commonName: `authority ${authorities}` }, 'authority');
}

/** Starts a front for `plane`. */
export async function startTlsFront(plane: TestCluster, options: FrontOptions): Promise<TlsFront> {
  const authority = options.authority ?? makeAuthority();
  const sockets = new Set<Socket>();
  const agent = new Agent({ ca: readFileSync(plane.caFile), keepAlive: true });
  let requests = 0;
  const https = createHttpsServer(servedBy(authority), (request, response) => {
    requests += 1;
    if (options.answer !== undefined) {
      response.writeHead(options.answer).end();
      return;
    }
    const { method, headers } = request;
    const onward = requestHttps(new URL(request.url ?? '/', plane.server), { method, headers, agent }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    onward.on('error', () => response.destroy());
    request.pipe(onward);
  });
  const server: Server = options.reset ? createNetServer((socket) => socket.resetAndDestroy()) : https;
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const endConnections = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: `https://127.0.0.1:${address.port}`,
    certificateAuthority: authority.certificate,
    get requests() {
      return requests;
    },
    use: (next) => {
      https.setSecureContext(servedBy(next));
      endConnections();
    },
    stop: async () => {
      endConnections();
      agent.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function servedBy(authority: Certificate) {
  const { certificate, key } = issueCertificate({ commonName: 'kube-apiserver' }, 'server', authority);
  return { cert: certificate, key };
}
