/** One request that nothing stands in the way of: may it, can it, who does it. */
import { decideAccess, type Principal, type ResourceAccess } from '../iam/decide.ts';
import { type AwsRequest, UnknownRequest } from './aws-request.ts';
import type { DelayedReplica } from './delayed-replica.ts';
import { forward } from './forward.ts';
import { type AccessPlace, neededAccess } from './needed-access.ts';
import { type Answer, accessDenied, formatServiceError, RefusedRequest } from './service-error.ts';
import { checkLimits } from './service-limits.ts';

export interface Caller {
  /** The function's name. */
  readonly name: string;
  readonly principal: Principal;
}

export type ServiceHandler = (request: AwsRequest, caller: Caller) => Promise<Answer>;

export interface GatewayWorld extends AccessPlace {
  callerOf(accessKey: string): Caller | undefined;
  resourceAccess(resource: string): ResourceAccess | undefined;
  /** Why a caller cannot reach this service from where it stands; undefined: it can. */
  unreachable(caller: Caller, service: string): string | undefined;
  /** What is not moto's: by service, or by `service:Operation`. */
  readonly handlers: ReadonlyMap<string, ServiceHandler>;
}

export interface Serving {
  readonly world: GatewayWorld;
  /** moto's address. */
  readonly moto: string;
  readonly replica: DelayedReplica;
}

export interface CarriedOut {
  readonly answer: Answer;
  readonly resources: readonly string[];
  /** What no working stack asks for. */
  readonly violation?: string;
}

export async function carryOut(request: AwsRequest, caller: Caller, serving: Serving): Promise<CarriedOut> {
  const name = `${caller.name}: ${request.service}:${request.operation}`;
  try {
    // A name without an ARN is one of the caller's own account, in the Region that is asked.
    const place = { account: caller.principal.account, region: request.region };
    const needed = neededAccess(request, { ...serving.world, ...place });
    checkAccess(request, caller, { needed, world: serving.world });
    checkLimits(request);
    return { answer: await execute(request, caller, serving), resources: needed.map(({ resource }) => resource) };
  } catch (error) {
    if (error instanceof UnknownRequest) {
      const answer = { status: 501, headers: {}, body: error.message };
      return { answer, resources: [], violation: `${name}: ${error.message}` };
    }
    if (!(error instanceof RefusedRequest)) throw error;
    const { refusal } = error;
    const violation = refusal.expected === true ? {} : { violation: `${name}: ${error.message}` };
    return { answer: formatServiceError(request.service, refusal), resources: [], ...violation };
  }
}

/** Functions speak TLS to AWS; that this machine needs none is no difference of theirs. */
const TRANSPORT = [
  ['aws:SecureTransport', ['true']],
  ['s3:TlsVersion', ['1.3']],
] as const;

interface Access {
  readonly needed: ReturnType<typeof neededAccess>;
  readonly world: GatewayWorld;
}

function checkAccess({ service }: AwsRequest, caller: Caller, { needed, world }: Access): void {
  const outOfReach = world.unreachable(caller, service);
  if (outOfReach !== undefined) throw new RefusedRequest({ code: 'RequestTimeout', message: outOfReach, status: 408 });
  for (const one of needed) {
    const context = new Map([...TRANSPORT, ['aws:PrincipalArn', [caller.principal.arn]] as const, ...one.context]);
    const decision = decideAccess(caller.principal, { ...one, context }, world.resourceAccess(one.resource));
    if (!decision.allowed) throw new RefusedRequest(accessDenied(service, decision.why));
  }
}

async function execute(request: AwsRequest, caller: Caller, { world, moto, replica }: Serving): Promise<Answer> {
  const handler = world.handlers.get(`${request.service}:${request.operation}`) ?? world.handlers.get(request.service);
  if (handler !== undefined) return handler(request, caller);
  const act = () => forward(moto, request, replica.redirect(request));
  const answer = request.service === 'dynamodb' ? await inTurn(act) : await act();
  if (answer.status < 300) replica.noteWrite(request);
  return hidesAbsence(request, caller, world) && answer.status === 404
    ? formatServiceError('s3', accessDenied('s3', 'Access Denied'))
    : answer;
}

/** moto looks and writes in two steps, and serves several at once; DynamoDB does one thing at a time to an item. */
let turn: Promise<unknown> = Promise.resolve();

function inTurn<T>(act: () => Promise<T>): Promise<T> {
  const acting = turn.then(act);
  turn = acting.catch(() => undefined);
  return acting;
}

/** Whoever may not list a bucket does not learn that an object is missing: S3 says 403 instead of 404. */
function hidesAbsence({ service, parameters }: AwsRequest, { principal }: Caller, world: GatewayWorld): boolean {
  if (service !== 's3') return false;
  const resource = `arn:aws:s3:::${parameters.Bucket}`;
  const list = { action: 's3:ListBucket', resource, context: new Map([['s3:prefix', ['']]]) };
  return !decideAccess(principal, list, world.resourceAccess(resource)).allowed;
}
