/**
 * CodeCommit on one machine, over bare repositories in a folder: the JSON API at `/`, and Git over smart HTTP at
 * `/v1/repos/{name}` with exactly CodeCommit's capabilities (protocol version 0 alone). Pushes tell what EventBridge
 * would be told.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { runHttpBackend } from '../../git-server/run-http-backend.ts';
import { BareRepositories } from './bare-repositories.ts';
import { advertiseAsCodeCommit, findForeignCapability, UPLOAD_PACK_SETTINGS } from './capabilities.ts';
import { checkGitPassword, type KeyLookup } from './check-git-password.ts';
import { answerApi } from './json-api.ts';
import { type CodeCommitEvent, eventsOfPush } from './repository-events.ts';

export interface CodeCommitOptions {
  /** Holds the bare repositories, each by its name. */
  readonly folder: string;
  readonly region: string;
  readonly account: string;
  /** Undefined: no such key. */
  readonly lookup: KeyLookup;
  /** Asked for each request: `codecommit:GitPull`, `codecommit:GetBranch`, … Default: everything is allowed. */
  readonly authorize?: (request: {
    readonly accessKeyId: string;
    readonly action: string;
    /** `arn:aws:codecommit:{region}:{account}:{name}` */
    readonly resource: string;
  }) => boolean | Promise<boolean>;
  /** Called after a push, once a ref; the push waits for it. */
  readonly onPush?: (event: CodeCommitEvent) => void | Promise<void>;
}

export interface CodeCommit {
  /** `http://127.0.0.1:1234`, for the SDK (AWS_ENDPOINT_URL_CODECOMMIT) and for CODE_COMMIT_ENDPOINT. */
  readonly endpoint: string;
  /** One a request: `GetBranch fleet`, `GET /v1/repos/fleet/info/refs`. */
  readonly requests: string[];
  readonly repositories: BareRepositories;
  sentBytes(): number;
  close(): Promise<void>;
}

const GIT_PATH = /^(\/v1\/repos\/([^/]+))(\/.*)$/;

export async function startCodeCommit(options: CodeCommitOptions): Promise<CodeCommit> {
  const requests: string[] = [];
  const place = {
    endpoint: '',
    requests,
    repositories: new BareRepositories(options.folder),
    turns: new Map(),
    sentBytes: 0,
  };
  const server = createServer((request, response) => {
    const { pathname, search } = new URL(`${request.url}`, 'http://localhost');
    const git = GIT_PATH.exec(pathname);
    const [, path = '', name = '', rest = ''] = git ?? [];
    const answered =
      git === null
        ? answerJson(options, place, { request, response })
        : answerGit(options, place, { request, response, path, name, rest, query: search.slice(1) });
    answered.catch((error: unknown) => response.writeHead(500).end(String(error)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  place.endpoint = `http://127.0.0.1:${address.port}`;
  return {
    endpoint: place.endpoint,
    requests,
    repositories: place.repositories,
    sentBytes: () => place.sentBytes,
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

interface Place {
  readonly endpoint: string;
  readonly requests: string[];
  readonly repositories: BareRepositories;
  /** The last push of a repository: one at a time, so that each tells of its own refs. */
  readonly turns: Map<string, Promise<void>>;
  sentBytes: number;
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

async function answerJson(options: CodeCommitOptions, place: Place, { request, response }: Exchange): Promise<void> {
  const operation = `${request.headers['x-amz-target']}`.replace('CodeCommit_20150413.', '');
  const input: unknown = JSON.parse((await readBody(request)).toString('utf8') || '{}');
  const name = (input as { readonly repositoryName?: string }).repositoryName ?? '';
  place.requests.push(`${operation} ${name}`);
  const reply = (status: number, body: unknown) =>
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(body));
  const accessKeyId = /Credential=([^/]+)\//.exec(request.headers.authorization ?? '')?.[1] ?? '';
  const key = options.lookup(accessKeyId);
  if (key === undefined || key.sessionToken !== request.headers['x-amz-security-token']) {
    reply(400, {
      __type: 'UnrecognizedClientException',
      message: 'The security token included in the request is invalid.',
    });
  } else if (!(await isAllowed(options, { accessKeyId, action: `codecommit:${operation}`, name }))) {
    reply(400, { __type: 'AccessDeniedException', message: `not allowed: codecommit:${operation}` });
  } else {
    const { status, body } = await answerApi({ ...place, ...options }, operation, input);
    reply(status, body);
  }
}

interface GitExchange extends Exchange {
  readonly path: string;
  readonly name: string;
  readonly rest: string;
  readonly query: string;
}

async function answerGit(options: CodeCommitOptions, place: Place, exchange: GitExchange): Promise<void> {
  const { request, response, path, name, rest, query } = exchange;
  place.requests.push(`${request.method} ${path}${rest}`);
  const { authorization, host = '' } = request.headers;
  const check = checkGitPassword({ authorization, host, path }, { ...options, nowMs: Date.now() });
  if (check.is === 'missing') {
    response.writeHead(401, { 'www-authenticate': 'Basic realm="AWS CodeCommit"' }).end();
    return;
  }
  const isPush = rest.includes('receive-pack') || query.includes('receive-pack');
  const action = isPush ? 'codecommit:GitPush' : 'codecommit:GitPull';
  const isRight = check.is === 'right' && (await isAllowed(options, { ...check, action, name }));
  if (!isRight) {
    response.writeHead(403).end(check.is === 'wrong' ? check.why : `not allowed: ${action}`);
  } else if (!place.repositories.has(name)) {
    response.writeHead(404).end('repository not found');
  } else if (isPush) await push(options, place, exchange);
  else await pull(options, place, exchange);
}

async function pull({ folder }: CodeCommitOptions, place: Place, exchange: GitExchange): Promise<void> {
  const { request, response, name, rest, query } = exchange;
  const body = await readBody(request);
  const foreign = findForeignCapability(body);
  if (foreign !== undefined) {
    response.writeHead(400).end(`the capability ${foreign} was not offered`);
    return;
  }
  const { bytes } = await runHttpBackend(request, response, {
    body,
    root: folder,
    path: `/${name}${rest}`,
    query,
    settings: UPLOAD_PACK_SETTINGS,
    ...(rest === '/info/refs' && { rewrite: advertiseAsCodeCommit }),
  });
  place.sentBytes += bytes;
}

async function push(options: CodeCommitOptions, place: Place, exchange: GitExchange): Promise<void> {
  const { request, response, name, rest, query } = exchange;
  const path = `/${name}${rest}`;
  const turn = place.turns.get(name)?.catch(() => undefined) ?? Promise.resolve();
  const pushing = turn.then(async () => {
    const before = await place.repositories.refs(name);
    const beforeAnswer = async () => {
      const after = await place.repositories.refs(name);
      for (const event of eventsOfPush({ ...options, repository: name }, before, after)) await options.onPush?.(event);
    };
    await runHttpBackend(request, response, { root: options.folder, path, query, beforeAnswer });
  });
  place.turns.set(name, pushing);
  await pushing;
}

async function isAllowed(
  { authorize, region, account }: CodeCommitOptions,
  { accessKeyId, action, name }: { readonly accessKeyId: string; readonly action: string; readonly name: string },
): Promise<boolean> {
  const resource = `arn:aws:codecommit:${region}:${account}:${name}`;
  return (await authorize?.({ accessKeyId, action, resource })) ?? true;
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const body = Buffer.concat(chunks);
  return request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body;
}
