/** The webhook of kube-apiserver: a TokenReview in, whom the cluster's access entries make of the token's role out. */
import { z } from 'zod';
import type { EksCluster } from './eks-api.ts';
import type { FindIdentity } from './identities.ts';
import { type TokenRule, verifyToken } from './verify-token.ts';

export interface TokenReview {
  readonly cluster: string;
  /** The user that it made, or why it was refused. */
  readonly result:
    | { readonly ok: true; readonly user: string; readonly groups: readonly string[] }
    | { readonly ok: false; readonly rule: TokenRule | 'cluster' | 'access entry'; readonly wrong: string };
}

const REVIEW = z.object({ spec: z.object({ token: z.string() }) });

/** Returns the answer of the webhook, and the same for people. */
export async function reviewToken(
  body: unknown,
  cluster: EksCluster | undefined,
  { findIdentity, nowMs }: { readonly findIdentity: FindIdentity; readonly nowMs: number },
): Promise<{ readonly answer: object; readonly review: TokenReview }> {
  const { token } = REVIEW.parse(body).spec;
  if (cluster === undefined) return refuse('', 'cluster', 'there is no such cluster');
  const { name, region, access } = cluster;
  const verified = await verifyToken(token, { cluster: name, partition: partitionOf(region), findIdentity, nowMs });
  if (!verified.ok) return refuse(name, verified.rule, verified.wrong);
  const entry = access.find(({ principalArn }) => principalArn === verified.canonicalArn);
  if (entry === undefined) return refuse(name, 'access entry', verified.canonicalArn);
  const { groups } = entry;
  const user = {
    username: verified.arn,
    groups,
    extra: { arn: [verified.arn], canonicalArn: [verified.canonicalArn], accessKeyId: [verified.accessKeyId] },
  };
  return {
    answer: answerOf({ authenticated: true, user }),
    review: { cluster: name, result: { ok: true, user: verified.arn, groups } },
  };
}

function refuse(cluster: string, rule: TokenRule | 'cluster' | 'access entry', wrong: string) {
  const answer = answerOf({ authenticated: false, error: `${rule}: ${wrong}` });
  return { answer, review: { cluster, result: { ok: false as const, rule, wrong } } };
}

function answerOf(status: object): object {
  return { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenReview', status };
}

function partitionOf(region: string): string {
  if (region.startsWith('cn-')) return 'aws-cn';
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
}
