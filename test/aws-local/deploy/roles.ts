/** Roles of the stack and of other accounts, and who acts as one: each function has access keys of its own. */
import { randomBytes } from 'node:crypto';
import { KnownIdentities } from '../../aws/eks/identities.ts';
import type { Caller } from '../gateway/carry-out.ts';
import { decideAccess, type Principal } from '../iam/decide.ts';
import { type PolicyDocument, parsePolicy } from '../iam/policy-document.ts';
import type { Stack } from '../template/read-stack.ts';
import { TemplateFault } from '../template/template-fault.ts';

/** A role that is not the stack's: of a target account, of a person. */
export interface ForeignRole {
  readonly arn: string;
  /** Policy documents as IAM writes them. */
  readonly trust: unknown;
  readonly policies?: readonly unknown[];
}

/** A person of the same account who may push, look and press buttons. */
export function personRole(account: string): ForeignRole {
  const actions = [
    'codecommit:GitPush',
    'dynamodb:BatchGetItem',
    'dynamodb:GetItem',
    'dynamodb:Query',
    'lambda:InvokeFunction',
  ];
  const statements = [{ Effect: 'Allow', Action: actions, Resource: '*' }];
  return {
    arn: `arn:aws:iam::${account}:role/${PERSON}`,
    trust: { Statement: [] },
    policies: [{ Statement: statements }],
  };
}
export const PERSON = 'developer';

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

interface Role {
  readonly arn: string;
  readonly account: string;
  readonly trust: PolicyDocument;
  readonly policies: PolicyDocument;
}

export class Roles {
  /** For whoever checks signatures: CodeCommit and the clusters. */
  readonly identities = new KnownIdentities();
  readonly #roles: Map<string, Role>;
  readonly #callers = new Map<string, Caller>();
  readonly #credentials = new Map<string, Credentials>();

  constructor(stacks: readonly Stack[], foreign: readonly ForeignRole[]) {
    const roles = [...stacks.flatMap(rolesOfStack), ...foreign.map(readForeign)];
    this.#roles = new Map(roles.map((role) => [role.arn, role]));
  }

  /** Lets `name` act as a role, as Lambda does for a function; the role has to trust Lambda. */
  enter(roleArn: string, name: string): Credentials {
    this.actFor('lambda.amazonaws.com', roleArn);
    return this.#admit(this.#role(roleArn, name), name);
  }

  /** Lets a service act as a role. @throws {TemplateFault} when the role does not trust it. */
  actFor(serviceName: string, roleArn: string): Principal {
    const role = this.#role(roleArn, serviceName);
    const service = { arn: `service:${serviceName}`, account: role.account, policies: [] };
    const request = { action: 'sts:AssumeRole', resource: roleArn, context: new Map() };
    // A trust policy names no resource: it is about the role itself.
    const trust = { policy: role.trust, voice: 'required', account: role.account } as const;
    const decision = decideAccess(service, request, trust);
    if (!decision.allowed) throw new TemplateFault(roleArn, `${serviceName} may not assume it: ${decision.why}`);
    return principalOf(role);
  }

  /** Changes whom a role trusts, as its owner does; the function returned puts it back. */
  setTrust(roleArn: string, document: unknown): () => void {
    const role = this.#role(roleArn, 'a test');
    this.#roles.set(roleArn, { ...role, trust: parsePolicy(document, roleArn) });
    return () => this.#roles.set(roleArn, role);
  }

  /** Lets a test or a person act as a foreign role. */
  actAs(roleArn: string, name: string): Credentials {
    return this.#admit(this.#role(roleArn, name), name);
  }

  /** Notes that somebody has been given a role by STS; `answer` is its XML. */
  noteAssumed(roleArn: string, name: string, answer: string): void {
    this.identities.noteAssumedRole(answer);
    const accessKeyId = /<AccessKeyId>([^<]+)</.exec(answer)?.[1] ?? '';
    this.#callers.set(accessKeyId, { name, principal: principalOf(this.#role(roleArn, name)) });
  }

  callerOf(accessKeyId: string): Caller | undefined {
    return this.#callers.get(accessKeyId);
  }

  credentialsOf(accessKeyId: string): Credentials | undefined {
    return this.#credentials.get(accessKeyId);
  }

  principalOf(roleArn: string): Principal {
    return principalOf(this.#role(roleArn, roleArn));
  }

  /** Returns who may assume a role; one that does not exist trusts nobody. */
  trustOf(roleArn: string): PolicyDocument {
    return this.#roles.get(roleArn)?.trust ?? [];
  }

  #admit(role: Role, name: string): Credentials {
    const accessKeyId = `ASIA${randomBytes(10).toString('hex').toUpperCase().slice(0, 16)}`;
    const credentials = {
      accessKeyId,
      secretAccessKey: randomBytes(30).toString('base64'),
      sessionToken: randomBytes(300).toString('base64'),
    };
    const session = role.arn.replace(':iam:', ':sts:').replace(':role/', ':assumed-role/');
    this.identities.add(accessKeyId, { ...credentials, arn: `${session}/${name}` });
    this.#credentials.set(accessKeyId, credentials);
    this.#callers.set(accessKeyId, { name, principal: principalOf(role) });
    return credentials;
  }

  #role(arn: string, who: string): Role {
    const role = this.#roles.get(arn);
    if (role === undefined) throw new TemplateFault(who, `there is no role ${arn}`);
    return role;
  }
}

function principalOf({ arn, account, policies }: Role): Principal {
  return { arn, account, policies };
}

function rolesOfStack(stack: Stack): readonly Role[] {
  const attached = stack.all('AWS::IAM::Policy');
  return stack.all('AWS::IAM::Role').map(({ logicalId, ref, arn, properties }) => {
    const documents = [
      ...properties.Policies.map(({ PolicyDocument }) => PolicyDocument),
      ...attached
        .filter(({ properties: { Roles } }) => Roles.includes(ref))
        .map((one) => one.properties.PolicyDocument),
    ];
    return {
      arn,
      account: stack.place.account,
      trust: parsePolicy(properties.AssumeRolePolicyDocument, `${logicalId}.AssumeRolePolicyDocument`),
      policies: documents.flatMap((document) => parsePolicy(document, logicalId)),
    };
  });
}

function readForeign({ arn, trust, policies = [] }: ForeignRole): Role {
  return {
    arn,
    account: arn.split(':')[4] ?? '',
    trust: parsePolicy(trust, arn),
    policies: policies.flatMap((document) => parsePolicy(document, arn)),
  };
}
