/**
 * What an EKS cluster checks of a bearer token, rule by rule in its order, and then what STS checks of the request in it.
 * Source: kubernetes-sigs/aws-iam-authenticator, pkg/token/token.go (Verify) and pkg/arn/arn.go.
 */
import { type AwsIdentity, canonicalArn, type FindIdentity } from './identities.ts';
import { signatureOf } from './presigned-signature.ts';

export type TokenRule =
  | 'length'
  | 'prefix'
  | 'base64'
  | 'url'
  | 'scheme'
  | 'host'
  | 'path'
  | 'duplicate parameter'
  | 'unknown parameter'
  | 'action'
  | 'signed header'
  | 'expires'
  | 'date'
  | 'expired'
  | 'access key'
  | 'session token'
  | 'signature';

export type VerifiedToken =
  | { readonly ok: true; readonly arn: string; readonly canonicalArn: string; readonly accessKeyId: string }
  | { readonly ok: false; readonly rule: TokenRule; readonly wrong: string };

export interface TokenVerifier {
  /** The cluster's name: what `x-k8s-aws-id` must have been signed as. */
  readonly cluster: string;
  /** `aws`, `aws-cn`, `aws-us-gov`. */
  readonly partition: string;
  readonly findIdentity: FindIdentity;
  readonly nowMs: number;
}

const PREFIX = 'k8s-aws-v1.';
const LONGEST = 4_096;
const LIFE_MS = 15 * 60 * 1_000;
const ALLOWED: ReadonlySet<string> = new Set([
  'action',
  'version',
  'x-amz-algorithm',
  'x-amz-credential',
  'x-amz-date',
  'x-amz-expires',
  'x-amz-security-token',
  'x-amz-signature',
  'x-amz-signedheaders',
]);
const STS_HOSTS: Readonly<Record<string, RegExp>> = {
  aws: /^(?!.*\.(us-gov|cn|us-iso[a-z]?)-)sts(-fips)?((\.[a-z]{2}(-[a-z]+)+-\d+)?\.amazonaws\.com|\.[a-z]{2}(-[a-z]+)+-\d+\.api\.aws)$/,
  'aws-us-gov': /^sts(-fips)?\.us-gov-[a-z]+-\d+\.(amazonaws\.com|api\.aws)$/,
  'aws-cn': /^sts\.cn-[a-z]+-\d+\.amazonaws\.com\.cn$/,
};

class Refusal extends Error {
  readonly rule: TokenRule;
  constructor(rule: TokenRule, wrong: string) {
    super(wrong);
    this.rule = rule;
  }
}

/** Returns whom the token is from, or the first rule that it breaks. */
export async function verifyToken(token: string, verifier: TokenVerifier): Promise<VerifiedToken> {
  try {
    const url = readUrl(token);
    checkPlace(url, verifier.partition);
    const parameters = checkParameters(url);
    checkTimes(parameters, verifier.nowMs);
    const { accessKeyId, identity } = await checkSignature(url, verifier);
    return { ok: true, arn: identity.arn, canonicalArn: canonicalArn(identity.arn), accessKeyId };
  } catch (error) {
    if (error instanceof Refusal) return { ok: false, rule: error.rule, wrong: error.message };
    throw error;
  }
}

function readUrl(token: string): URL {
  if (token.length > LONGEST) throw new Refusal('length', `${token.length} characters`);
  if (!token.startsWith(PREFIX)) throw new Refusal('prefix', token.slice(0, PREFIX.length));
  const encoded = token.slice(PREFIX.length);
  const decoded = Buffer.from(encoded, 'base64url');
  if (decoded.toString('base64url') !== encoded) throw new Refusal('base64', 'no base64url without padding');
  const url = URL.parse(decoded.toString('utf8'));
  if (url === null) throw new Refusal('url', 'no URL');
  return url;
}

function checkPlace(url: URL, partition: string): void {
  if (url.protocol !== 'https:') throw new Refusal('scheme', url.protocol);
  if (!STS_HOSTS[partition]?.test(url.host)) throw new Refusal('host', url.host);
  if (url.pathname !== '/') throw new Refusal('path', url.pathname);
}

/** Returns the parameters by their names in lower case. */
function checkParameters(url: URL): ReadonlyMap<string, string> {
  const parameters = new Map<string, string>();
  for (const [name, value] of url.searchParams) {
    const key = name.toLowerCase();
    if (parameters.has(key)) throw new Refusal('duplicate parameter', name);
    if (!ALLOWED.has(key)) throw new Refusal('unknown parameter', name);
    parameters.set(key, value);
  }
  const action = parameters.get('action') ?? '';
  if (action !== 'GetCallerIdentity') throw new Refusal('action', action);
  const signed = parameters.get('x-amz-signedheaders') ?? '';
  if (!signed.split(';').includes('x-k8s-aws-id')) throw new Refusal('signed header', signed);
  return parameters;
}

function checkTimes(parameters: ReadonlyMap<string, string>, nowMs: number): void {
  const expires = parameters.get('x-amz-expires') ?? '';
  const seconds = /^-?\d+$/.test(expires) ? Number(expires) : Number.NaN;
  if (!(seconds >= 0 && seconds <= 900)) throw new Refusal('expires', expires);
  const date = parameters.get('x-amz-date') ?? '';
  const iso = date.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z');
  const signedAtMs = iso === date ? Number.NaN : Date.parse(iso);
  if (Number.isNaN(signedAtMs)) throw new Refusal('date', date);
  if (nowMs > signedAtMs + LIFE_MS) throw new Refusal('expired', date);
}

/** As STS does: it is sent the URL with the header `x-k8s-aws-id` that this cluster adds. */
async function checkSignature(
  url: URL,
  { cluster, findIdentity }: TokenVerifier,
): Promise<{ readonly accessKeyId: string; readonly identity: AwsIdentity }> {
  const accessKeyId = (url.searchParams.get('X-Amz-Credential') ?? '').split('/')[0] ?? '';
  const identity = await findIdentity(accessKeyId);
  if (identity === undefined) throw new Refusal('access key', accessKeyId);
  if ((url.searchParams.get('X-Amz-Security-Token') ?? undefined) !== identity.sessionToken) {
    throw new Refusal('session token', 'not that of the access key');
  }
  const headers = { host: url.host, 'x-k8s-aws-id': cluster };
  const isGood = signatureOf(url, headers, identity.secretAccessKey) === url.searchParams.get('X-Amz-Signature');
  if (!isGood) throw new Refusal('signature', 'the signature is another');
  return { accessKeyId, identity };
}
