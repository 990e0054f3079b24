/**
 * The bearer token of an EKS cluster: a GetCallerIdentity request to STS, signed for this cluster, that the cluster sends
 * in our place. What it accepts stands in aws-iam-authenticator, pkg/token/token.go.
 */
import { Sha256 } from '@aws-crypto/sha256-js';
import { SignatureV4 } from '@smithy/signature-v4';
import { PlumblineError } from '../../errors.ts';
import { stsHostOf } from './partition.ts';
import type { AwsCredentials } from './role-sessions.ts';

export interface TokenSubject {
  /** The cluster's name in EKS. */
  readonly name: string;
  readonly region: string;
  /** Name of the declaration, for messages. */
  readonly cluster: string;
}

/** STS ignores it and grants 15 minutes; the cluster checks that it is there and at most 900. */
const EXPIRES_SECONDS = 60;
const LONGEST_TOKEN = 4_096;

/**
 * Returns a token that is good for 15 minutes, and not longer than the credentials.
 *
 * @throws {ConfigInvalid} when it is longer than a cluster takes.
 */
export async function signToken(
  { name, region, cluster }: TokenSubject,
  credentials: AwsCredentials,
  nowMs: number,
): Promise<string> {
  const signer = new SignatureV4({ credentials, region, service: 'sts', sha256: Sha256 });
  const host = stsHostOf(region);
  const request = {
    ...{ method: 'GET', protocol: 'https:', hostname: host, path: '/' },
    query: { Action: 'GetCallerIdentity', Version: '2011-06-15' },
    headers: { host, 'x-k8s-aws-id': name },
  };
  const options = { expiresIn: EXPIRES_SECONDS, signingDate: new Date(nowMs) };
  const { query } = await signer.presign(request, options);
  const parameters = new URLSearchParams();
  for (const [key, value] of Object.entries(query ?? {})) parameters.set(key, String(value));
  const token = `k8s-aws-v1.${Buffer.from(`https://${host}/?${parameters}`).toString('base64url')}`;
  if (token.length > LONGEST_TOKEN) throw tooLong(cluster, token.length, credentials.sessionToken?.length ?? 0);
  return token;
}

function tooLong(subject: string, characters: number, sessionCharacters: number): PlumblineError {
  const wrong = `the token has ${characters} characters, EKS takes ${LONGEST_TOKEN}; ${sessionCharacters} come from the session token`;
  const remedy = 'use a role whose sessions carry fewer tags and no session policy';
  return new PlumblineError([{ code: 'ConfigInvalid', subject, act: 'sign the token', wrong, remedy }]);
}
