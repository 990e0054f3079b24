import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { claimsOf, readWebhook } from '../../../../shared/adapters/forges/read-webhook.ts';
import type { RepositoryChange } from '../../../../shared/model/repository-change.ts';

/** Payloads that forges sent, collected by go-playground/webhooks (02d182a, MIT). They come without their headers. */
const CORPUS = join(import.meta.dirname, '../../../../../shared/corpora/webhooks/go-playground/testdata');
const notHere = { skip: existsSync(CORPUS) ? false : 'the corpora are not here' };

const headersOf: Readonly<Record<string, (file: string, payload: Payload) => readonly [string, string]>> = {
  github: (file) => ['x-github-event', file.replaceAll('-', '_')],
  gitea: (file) => ['x-gitea-event', file.replace(/-event$/, '').replaceAll('-', '_')],
  gogs: (file) => ['x-gogs-event', file.replace(/-event$/, '').replaceAll('-', '_')],
  gitlab: (file) => ['x-gitlab-event', file.startsWith('system-') ? 'System Hook' : 'Some Hook'],
  bitbucket: (file) => ['x-event-key', file === 'repo-push' ? 'repo:push' : file.replace('-', ':')],
  'bitbucket-server': (file, payload) => ['x-event-key', payload.eventKey ?? file.replace('-', ':')],
  azuredevops: () => ['authorization', 'Basic dXNlcjpzZWNyZXQ='],
};

interface Payload {
  readonly eventKey?: string;
}

function read(folder: string, file: string) {
  const body = readFileSync(join(CORPUS, folder, `${file}.json`));
  const header = headersOf[folder]?.(file, JSON.parse(body.toString()));
  return readWebhook({ headers: new Map(header === undefined ? [] : [header]), body });
}

/** What each payload that moves a ref carries, read off by hand. */
const MOVES: Readonly<Record<string, RepositoryChange>> = {
  'github/push': {
    urls: [
      'https://github.com/binkkatal/sample_app.git',
      'https://github.com/binkkatal/sample_app',
      'git@github.com:binkkatal/sample_app.git',
      'git://github.com/binkkatal/sample_app.git',
    ],
    ref: 'refs/heads/master',
    commit: 'fd489864e7642b48eaad6e3f155c10e46810ec72',
    deleted: false,
    defaultBranch: 'master',
  },
  'github/create': { ...publicRepository(), ref: 'refs/tags/0.0.1', deleted: false },
  'github/delete': { ...publicRepository(), ref: 'refs/tags/simple-tag', deleted: true },
  'gitlab/push-event': {
    ...diaspora(),
    ref: 'refs/heads/master',
    commit: 'da1560886d4f094c3e6c9ef40349f7d38b5d27d7',
    deleted: false,
  },
  'gitlab/system-push-event': {
    ...diaspora(),
    ref: 'refs/heads/master',
    commit: 'da1560886d4f094c3e6c9ef40349f7d38b5d27d7',
    deleted: false,
  },
  'gitlab/tag-event': {
    ...gitlabExample(),
    ref: 'refs/tags/v1.0.0',
    commit: '82b3d5ae55f7080f1e6022629cdb57bfae7cccc7',
    deleted: false,
  },
  'gitlab/system-tag-event': {
    ...gitlabExample(),
    ref: 'refs/tags/v1.0.0',
    commit: '5937ac0a7beb003549fc5fd26fc247adbce4a52e',
    deleted: false,
  },
  'gitea/push-event': {
    ...giteaExample(),
    ref: 'refs/heads/master',
    commit: '67b56589a45103f891bdee7c0546e5d40bc02001',
    deleted: false,
  },
  'gitea/create-event': {
    ...giteaExample(),
    ref: 'refs/heads/master',
    commit: '67b56589a45103f891bdee7c0546e5d40bc02001',
    deleted: false,
  },
  'gitea/delete-event': { ...giteaExample(), ref: 'refs/heads/example3', deleted: true },
  'gogs/push-event': {
    urls: [
      'http://localhost:3000/unknwon/webhooks.git',
      'http://localhost:3000/unknwon/webhooks',
      'ssh://unknwon@localhost:2222/unknwon/webhooks.git',
    ],
    ref: 'refs/heads/develop',
    commit: 'bffeb74224043ba2feb48d137756c8a9331c449a',
    deleted: false,
    defaultBranch: 'master',
  },
  'gogs/create-event': {
    urls: ['https://gogs.example.com/user/repo.git', 'https://gogs.example.com/user/repo'],
    ref: 'refs/heads/feature-branch',
    deleted: false,
  },
  'gogs/delete-event': {
    urls: ['https://gogs.example.com/user/repo.git', 'https://gogs.example.com/user/repo'],
    ref: 'refs/heads/obsolete-branch',
    deleted: true,
  },
  'bitbucket/repo-push': {
    urls: ['https://bitbucket.org/team_name/repo_name', 'https://api.bitbucket.org/bitbucket/bitbucket'],
    ref: 'refs/heads/name-of-branch',
    commit: '709d658dc5b6d6afcd46049c2f332ee3f515a67d',
    deleted: false,
  },
  'bitbucket-server/repo-refs-changed': {
    urls: [
      'ssh://git@server.bitbucket.local:7999/~gopher/webhook-test.git',
      'https://server.bitbucket.local/scm/~gopher/webhook-test.git',
      'https://server.bitbucket.local/users/gopher/repos/webhook-test',
    ],
    ref: 'refs/heads/feature/wip',
    deleted: true,
  },
  'azuredevops/git.push': {
    urls: ['https://dev.azure.com/fabrikam-fiber-inc/DefaultCollection/_git/Fabrikam-Fiber-Git'],
    ref: 'refs/heads/main',
    commit: '33b55f7cb7e7e245323987634f960cf4a6e6bc74',
    deleted: false,
    defaultBranch: 'main',
  },
};

test('reads of every public payload the repository, ref and commit that it carries', notHere, (t) => {
  const counts = { changes: 0, ping: 0, ignored: 0, nonsense: 0 };
  for (const folder of Object.keys(headersOf)) {
    for (const file of readdirSync(join(CORPUS, folder)).map((name) => name.replace(/\.json$/, ''))) {
      const name = `${folder}/${file}`;
      const meaning = read(folder, file);
      const expected = MOVES[name];

      counts[meaning.kind]++;
      if (expected !== undefined) assert.deepEqual(meaning, { kind: 'changes', changes: [expected] }, name);
      else if (name === 'github/ping') assert.equal(meaning.kind, 'ping');
      else assert.equal(meaning.kind, 'ignored', `${name}: ${JSON.stringify(meaning)}`);
    }
  }
  assert.equal(counts.changes, Object.keys(MOVES).length);
  t.diagnostic(
    `${counts.changes} payloads move a ref, ${counts.ping} ask whether we are there, ${counts.ignored} are of no interest`,
  );
});

test('takes a payload of a sender that is no forge for nonsense, and believes it nothing', notHere, () => {
  const request = { headers: new Map(), body: readFileSync(join(CORPUS, 'docker/docker_hub_build_notice.json')) };

  assert.equal(readWebhook(request).kind, 'nonsense');
  assert.deepEqual(claimsOf(request), []);
});

function publicRepository() {
  return {
    urls: [
      'https://github.com/baxterthehacker/public-repo.git',
      'https://github.com/baxterthehacker/public-repo',
      'git@github.com:baxterthehacker/public-repo.git',
      'git://github.com/baxterthehacker/public-repo.git',
      'https://api.github.com/repos/baxterthehacker/public-repo',
    ],
    defaultBranch: 'master',
  };
}

function diaspora() {
  return {
    urls: [
      'http://example.com/mike/diaspora.git',
      'git@example.com:mike/diaspora.git',
      'http://example.com/mike/diaspora',
    ],
    defaultBranch: 'master',
  };
}

function gitlabExample() {
  return {
    urls: [
      'http://example.com/jsmith/example.git',
      'git@example.com:jsmith/example.git',
      'http://example.com/jsmith/example',
    ],
    defaultBranch: 'master',
  };
}

function giteaExample() {
  return {
    urls: [
      'http://localhost:3000/example/example.git',
      'http://localhost:3000/example/example',
      'git@localhost:example/example.git',
    ],
    defaultBranch: 'master',
  };
}
