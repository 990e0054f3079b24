/** One push to `refs/heads/main` of `acme/fleet` as each forge sends it, signed with a secret. */
import { createHmac } from 'node:crypto';
import { signed } from './webhook-event.ts';

export interface ForgeRequest {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export const COMMIT = '3e5983fd489864e7642b48eaad6e3f155c10e468';

const githubBody = JSON.stringify({
  ref: 'refs/heads/main',
  after: COMMIT,
  repository: { clone_url: 'https://git.example.com/acme/fleet.git', ssh_url: 'git@git.example.com:acme/fleet.git' },
});
const gitlabBody = JSON.stringify({
  object_kind: 'push',
  ref: 'refs/heads/main',
  after: COMMIT,
  checkout_sha: COMMIT,
  project: { git_http_url: 'https://git.example.com/acme/fleet.git', default_branch: 'main' },
});
const bitbucketBody = JSON.stringify({
  repository: { full_name: 'acme/fleet', links: { html: { href: 'https://git.example.com/acme/fleet' } } },
  push: { changes: [{ new: { type: 'branch', name: 'main', target: { hash: COMMIT } }, old: null }] },
});
const bitbucketServerBody = JSON.stringify({
  repository: { links: { clone: [{ href: 'https://git.example.com/acme/fleet.git', name: 'http' }] } },
  changes: [{ ref: { id: 'refs/heads/main' }, toHash: COMMIT, type: 'UPDATE' }],
});
const azureBody = JSON.stringify({
  eventType: 'git.push',
  resource: {
    refUpdates: [{ name: 'refs/heads/main', newObjectId: COMMIT }],
    repository: { remoteUrl: 'https://git.example.com/acme/fleet' },
  },
});
const ownBody = JSON.stringify({
  repository: 'https://git.example.com/acme/fleet',
  ref: 'refs/heads/main',
  commit: COMMIT,
});

/** A secret that GitLab takes for its signing token; for all others it is a text like any other. */
export const SECRET = `whsec_${Buffer.from('thirty-two bytes of a plumb line').toString('base64')}`;
export const OTHER_SECRET = `whsec_${Buffer.from('thirty-two bytes of another line').toString('base64')}`;

/** By the name of the scheme; `secret` signs. */
export const FORGE_REQUESTS: Readonly<Record<string, (secret: string) => ForgeRequest>> = {
  GitHub: (secret) => ({
    headers: { 'X-GitHub-Event': 'push', 'X-Hub-Signature-256': `sha256=${signed(secret, githubBody)}` },
    body: githubBody,
  }),
  Gitea: (secret) => ({
    headers: {
      'X-Gitea-Event': 'push',
      'X-Gogs-Event': 'push',
      'X-GitHub-Event': 'push',
      'X-Gitea-Signature': signed(secret, githubBody),
    },
    body: githubBody,
  }),
  Forgejo: (secret) => ({
    headers: { 'X-Forgejo-Event': 'push', 'X-Gitea-Event': 'push', 'X-Forgejo-Signature': signed(secret, githubBody) },
    body: githubBody,
  }),
  Gogs: (secret) => ({
    headers: { 'X-Gogs-Event': 'push', 'X-Gogs-Signature': signed(secret, githubBody) },
    body: githubBody,
  }),
  'GitLab by token': (secret) => ({
    headers: { 'X-Gitlab-Event': 'Push Hook', 'X-Gitlab-Token': secret },
    body: gitlabBody,
  }),
  'GitLab by signature': (secret) => ({
    headers: {
      'X-Gitlab-Event': 'Push Hook',
      'webhook-id': 'f5e5f430-f57b-4e6e-9fac-d9128cd7232f',
      'webhook-timestamp': '1795273200',
      'webhook-signature': `v1,${standardSignature(secret, gitlabBody)}`,
    },
    body: gitlabBody,
  }),
  'Bitbucket Cloud': (secret) => ({
    headers: { 'X-Event-Key': 'repo:push', 'X-Hub-Signature': `sha256=${signed(secret, bitbucketBody)}` },
    body: bitbucketBody,
  }),
  'Bitbucket Server': (secret) => ({
    headers: { 'X-Event-Key': 'repo:refs_changed', 'X-Hub-Signature': `sha256=${signed(secret, bitbucketServerBody)}` },
    body: bitbucketServerBody,
  }),
  'Azure DevOps': (secret) => ({
    headers: { Authorization: `Basic ${Buffer.from(`plumbline:${secret}`).toString('base64')}` },
    body: azureBody,
  }),
  'signed call': (secret) => ({
    headers: { 'X-Plumbline-Signature': `sha256=${signed(secret, ownBody)}` },
    body: ownBody,
  }),
};

function standardSignature(secret: string, body: string): string {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  return createHmac('sha256', key).update(`f5e5f430-f57b-4e6e-9fac-d9128cd7232f.1795273200.${body}`).digest('base64');
}
