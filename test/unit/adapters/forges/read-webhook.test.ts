import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readWebhook } from '../../../../shared/adapters/forges/read-webhook.ts';

const COMMIT = '3e5983fd489864e7642b48eaad6e3f155c10e468';
const TAG_OBJECT = '4f6094fe59aa75f8753c59fbbe7f40266d21f579';
const NOTHING = '0'.repeat(40);
const URL = 'https://git.example.com/acme/fleet';

const FORGES = {
  github: { 'x-github-event': 'push' },
  githubDelete: { 'x-github-event': 'delete' },
  giteaCreate: { 'x-gitea-event': 'create', 'x-github-event': 'create' },
  gitlab: { 'x-gitlab-event': 'Push Hook' },
  bitbucket: { 'x-event-key': 'repo:push' },
  bitbucketServer: { 'x-event-key': 'repo:refs_changed' },
  azure: { authorization: 'Basic eDp5' },
  signedCall: { 'x-plumbline-signature': 'sha256=' },
};

function read(headers: Readonly<Record<string, string>>, payload: unknown) {
  return readWebhook({ headers: new Map(Object.entries(headers)), body: Buffer.from(JSON.stringify(payload)) });
}

/** What is said of each ref: `refs/tags/v1 at 3e5983f`, `refs/heads/x deleted`. */
function told(headers: Readonly<Record<string, string>>, payload: unknown): readonly string[] {
  const meaning = read(headers, payload);
  if (meaning.kind !== 'changes') return [`${meaning.kind}: ${'reason' in meaning ? meaning.reason : ''}`];
  return meaning.changes.map(
    ({ ref, commit, deleted }) => `${ref} ${deleted ? 'deleted' : `at ${commit?.slice(0, 7) ?? '?'}`}`,
  );
}

const github = (more: object) => ({ repository: { html_url: URL }, ref: 'refs/heads/main', after: COMMIT, ...more });
const gitlab = (more: object) => ({
  object_kind: 'push',
  project: { web_url: URL },
  ref: 'refs/heads/main',
  after: COMMIT,
  ...more,
});
const bitbucket = (...changes: readonly object[]) => ({ repository: { full_name: 'acme/fleet' }, push: { changes } });
const branch = (name: string) => ({ type: 'branch', name, target: { hash: COMMIT } });
const tag = (name: string) => ({ type: 'tag', name, target: { hash: COMMIT } });
const bitbucketServer = (...changes: readonly object[]) => ({
  repository: { links: { clone: [{ href: `${URL}.git` }] } },
  changes,
});
const azure = (...refUpdates: readonly object[]) => ({
  eventType: 'git.push',
  resource: { repository: { remoteUrl: URL }, refUpdates },
});

const CASES: Readonly<Record<string, readonly [readonly string[], readonly string[]]>> = {
  'GitHub: a deleted branch': [
    told(FORGES.github, github({ after: NOTHING, deleted: true, head_commit: null })),
    ['refs/heads/main deleted'],
  ],
  'GitHub: an annotated tag stands for the commit that it points at': [
    told(FORGES.github, github({ ref: 'refs/tags/v1', after: TAG_OBJECT, head_commit: { id: COMMIT } })),
    ['refs/tags/v1 at 3e5983f'],
  ],
  'GitHub: a deleted tag by its own event': [
    told(FORGES.githubDelete, github({ ref: 'v1', ref_type: 'tag' })),
    ['refs/tags/v1 deleted'],
  ],
  'GitHub: a repository that is made has a ref of no kind that we know': [
    told({ 'x-github-event': 'create' }, github({ ref: 'main', ref_type: 'repository' })),
    ['ignored: no branch or tag moved'],
  ],
  'Gitea: a branch that is made, with its commit': [
    told(FORGES.giteaCreate, github({ ref: 'topic/x', ref_type: 'branch', sha: COMMIT })),
    ['refs/heads/topic/x at 3e5983f'],
  ],
  'GitLab: a deleted branch': [
    told(FORGES.gitlab, gitlab({ after: NOTHING, checkout_sha: null })),
    ['refs/heads/main deleted'],
  ],
  'GitLab: an annotated tag': [
    told(
      FORGES.gitlab,
      gitlab({ object_kind: 'tag_push', ref: 'refs/tags/v1', after: TAG_OBJECT, checkout_sha: COMMIT }),
    ),
    ['refs/tags/v1 at 3e5983f'],
  ],
  'GitLab: a system hook that tells of several refs': [
    told(
      { 'x-gitlab-event': 'System Hook' },
      {
        event_name: 'repository_update',
        project: { web_url: URL },
        changes: [
          { ref: 'refs/heads/main', before: NOTHING, after: COMMIT },
          { ref: 'refs/heads/old', before: COMMIT, after: NOTHING },
        ],
      },
    ),
    ['refs/heads/main at 3e5983f', 'refs/heads/old deleted'],
  ],
  'Bitbucket Cloud: several refs in one push': [
    told(
      FORGES.bitbucket,
      bitbucket({ new: branch('main'), old: null }, { new: null, old: branch('old') }, { new: tag('v1') }, {}),
    ),
    ['refs/heads/main at 3e5983f', 'refs/heads/old deleted', 'refs/tags/v1 at 3e5983f'],
  ],
  'Bitbucket Server: several refs in one push': [
    told(
      FORGES.bitbucketServer,
      bitbucketServer(
        { ref: { id: 'refs/heads/main' }, toHash: COMMIT, type: 'UPDATE' },
        { ref: { id: 'refs/tags/v1' }, toHash: NOTHING, type: 'DELETE' },
      ),
    ),
    ['refs/heads/main at 3e5983f', 'refs/tags/v1 deleted'],
  ],
  'Bitbucket Server: the button for a test': [told({ 'x-event-key': 'diagnostics:ping' }, { test: true }), ['ping: ']],
  'Azure DevOps: several refs in one push': [
    told(
      FORGES.azure,
      azure(
        { name: 'refs/heads/main', oldObjectId: NOTHING, newObjectId: COMMIT },
        { name: 'refs/heads/old', oldObjectId: COMMIT, newObjectId: NOTHING },
      ),
    ),
    ['refs/heads/main at 3e5983f', 'refs/heads/old deleted'],
  ],
  'Azure DevOps: without the details of the push': [
    told(FORGES.azure, { eventType: 'git.push', resource: { pushId: 14 } }),
    ['nonsense: Azure DevOps: the details of the push are missing: set "Resource details to send" to "All"'],
  ],
  'a signed call with the short name of a branch': [
    told(FORGES.signedCall, { repository: URL, ref: 'main' }),
    ['refs/heads/main at ?'],
  ],
  'a signed call with a full name and a commit': [
    told(FORGES.signedCall, { repository: URL, ref: 'refs/tags/v1', commit: COMMIT.toUpperCase() }),
    ['refs/tags/v1 at 3e5983f'],
  ],
  'a signed call with a field that nobody knows': [
    told(FORGES.signedCall, { repository: URL, ref: 'main', branch: 'main' }),
    ['nonsense: signed call: body: Unrecognized key: "branch"'],
  ],
  'a commit that is none': [
    told(FORGES.github, github({ after: 'HEAD' })),
    ['nonsense: GitHub: what the ref points at is no commit id'],
  ],
  'a repository without an address': [
    told(FORGES.github, github({ repository: { name: 'fleet', clone_url: null, html_url: '' } })),
    ['nonsense: GitHub: the repository has no address'],
  ],
};

for (const [name, [meant, expected]] of Object.entries(CASES)) {
  test(`reads ${name}`, () => assert.deepEqual(meant, expected));
}

test('says nonsense of any bytes and any JSON that is no event, and never throws', () => {
  const headers = fc.constantFrom(...Object.values(FORGES));
  const bodies = fc.oneof(
    fc.uint8Array(),
    fc.json().map((text) => Buffer.from(text)),
  );
  const property = fc.property(headers, bodies, (given, body) => {
    const { kind } = readWebhook({ headers: new Map(Object.entries(given)), body });
    assert.ok(kind === 'nonsense' || kind === 'ignored', kind);
  });
  fc.assert(property, { numRuns: 500 });
});
