/** The command line from outside: exit statuses, what goes where, and what it says. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { callApi } from '../controlplane/call-api.ts';
import { eventually } from '../controlplane/eventually.ts';
import { podsDoNotRun, sharedCluster } from '../controlplane/shared-cluster.ts';
import type { TestCluster } from '../controlplane/test-cluster.ts';
import { type CliLab, openCliLab } from './cli/cli-lab.ts';

const SECRET = `hunter2-${randomBytes(6).toString('hex')}`;
const SECRET_BASE64 = Buffer.from(SECRET).toString('base64');

let cluster: TestCluster;
let lab: CliLab;

before(async () => {
  cluster = await sharedCluster();
  lab = await openCliLab(cluster, { secret: SECRET });
});

after(() => lab.remove());

async function patch(path: string, body: unknown): Promise<void> {
  const query = '?fieldManager=someone-else';
  const call = { method: 'PATCH', path: `${path}${query}`, body, contentType: 'application/merge-patch+json' } as const;
  assert.equal((await callApi(cluster, call)).status, 200);
}

/** One after the other: each goes on with what the one before it left, as a person would. */
describe('plumbline, on a fleet of one cluster', { skip: podsDoNotRun }, () => {
  it('says of a fleet that never ran what to do next', async () => {
    const answers = await Promise.all(['status', 'drift', 'history'].map((command) => lab.run([command])));

    for (const { status, stdout } of answers) {
      assert.equal(status, 0);
      assert.match(
        stdout,
        /^no run has looked at fleet cli-\w+ yet; main is at [0-9a-f]{7} "one cluster"\nnext: `plumbline plan`/,
      );
    }
  });

  it('validates a good repository', async () => {
    const { status, stdout } = await lab.run(['validate']);

    assert.equal(status, 0);
    assert.match(stdout, /^✓ \. at [0-9a-f]{7} is good(?:, with .*)?: 1 cluster, 5 applications, 18 objects in /m);
  });

  it('refuses a wrong declaration with file and line before it is committed', async () => {
    await lab.repository.edit('plumbline/applications/shop.yaml', (text) => text.replace('source:', 'sorce:'));

    const { status, stdout } = await lab.run(['validate', '--worktree']);
    await lab.repository.edit('plumbline/applications/shop.yaml', (text) => text.replace('sorce:', 'source:'));

    assert.equal(status, 1);
    assert.match(
      stdout,
      /plumbline\/applications\/shop\.yaml:6:3: .* spec\.sorce: unknown field\n +to do +did you mean "source"\?/,
    );
  });

  it('renders an application with its Secrets masked', async () => {
    const { status, stdout } = await lab.run(['render', 'inventory']);
    const { stdout: json } = await lab.run(['render', 'inventory', '--json']);

    assert.equal(status, 0);
    assert.match(stdout, /^# staging \/ inventory: Secret\/stock-api, apps\/inventory\/secret\.yaml:1$/m);
    assert.equal(JSON.parse(json).clusters[0].applications[0].objects.length, 9);
    for (const text of [stdout, json]) assert.doesNotMatch(text, new RegExp(`${SECRET}|${SECRET_BASE64}`));
  });

  it('plans everything as new with exit status 2 and changes nothing', async () => {
    const { status, stdout } = await lab.run(['plan']);

    assert.equal(status, 2);
    assert.match(stdout, /\+ 18 objects are new in 1 cluster/);
    assert.match(stdout, /Nothing was changed\.\nApply with: git push, or plumbline apply\nexit status 2\n$/);
    assert.doesNotMatch(stdout, new RegExp(`${SECRET}|${SECRET_BASE64}`));
    assert.equal((await callApi(cluster, { path: `/api/v1/namespaces/${lab.prefix}-inventory` })).status, 404);
  });

  it('applies until everything is healthy, states on standard error and the answer on standard output', async () => {
    const { status, stdout, stderr } = await lab.run(['apply']);

    assert.equal(status, 0, stderr);
    assert.match(
      stdout,
      /^FLEET {2}1 of 1 cluster true to [0-9a-f]{7} .*\n\n.*\nstaging +✓ synced +✓ healthy +5 of 5 /,
    );
    assert.match(stderr, /staging: \d+ created.* at [0-9a-f]{7}/);
  });

  it('plans nothing with exit status 0 when everything is true', async () => {
    const { status, stdout } = await lab.run(['plan']);

    assert.equal(status, 0, stdout);
    assert.match(stdout, /Every cluster is true to it already\.\nexit status 0\n$/);
  });

  it('names who changed what behind the back of Git, before and after it is put right', async () => {
    await patch(`/api/v1/namespaces/${lab.prefix}-inventory/configmaps/inventory`, { data: { LOG_LEVEL: 'trace' } });

    const planned = await lab.run(['plan']);
    const applied = await lab.run(['apply']);
    const { stdout } = await lab.run(['drift', '--cluster', 'staging']);

    assert.equal(planned.status, 2);
    assert.match(planned.stdout, /drift by someone-else, put right\n +data\.LOG_LEVEL +trace → info/);
    assert.equal(applied.status, 0);
    assert.match(
      stdout,
      new RegExp(`✓ staging {2}ConfigMap/${lab.prefix}-inventory/inventory {2}1 field changed, healed at`),
    );
    assert.match(stdout, /data\.LOG_LEVEL +info → trace +by someone-else/);
  });

  it('plans deletions before changes before additions, secrets masked', async () => {
    await lab.repository.remove('apps/inventory/promotion.yaml');
    await lab.repository.edit('apps/inventory/config.yaml', (text) => text.replace('info', 'debug'));
    await lab.repository.edit('apps/inventory/secret.yaml', (text) => text.replace(SECRET, `${SECRET}-other`));
    await lab.repository.edit(
      'apps/greetings/welcome.yaml',
      (text) => `${text}---\n${text.replace('name: welcome', 'name: hello')}`,
    );
    await lab.repository.commit('a bit of everything');

    const { status, stdout } = await lab.run(['plan']);

    assert.equal(status, 2);
    const order = [
      '1 object will be deleted',
      'ConfigMap/',
      '2 objects change',
      'LOG_LEVEL',
      '1 object is new',
      'Greeting.',
    ];
    const places = order.map((text) => stdout.indexOf(text));
    assert.deepEqual(
      places,
      [...places].sort((a, b) => a - b),
      stdout,
    );
    assert.ok(
      places.every((place) => place > 0),
      stdout,
    );
    assert.match(stdout, /\*\*\* \(before\) → \*\*\* \(after\)/);
    assert.doesNotMatch(stdout, new RegExp(`${SECRET}|${SECRET_BASE64.slice(0, -4)}`));
  });

  it('explains what is declared and what is not', async () => {
    const declared = await lab.run(['explain', 'deploy/shop', '-n', `${lab.prefix}-shop`]);
    const stranger = await lab.run(['explain', 'svc/kubernetes', '-n', 'default']);
    const unknown = await lab.run(['explain', 'cm/nowhere', '-n', 'default']);

    assert.match(
      declared.stdout,
      /declared by +application shop, apps\/shop\/base\/deployment\.yaml\n +last change +[0-9a-f]{7} "the fleet" by Ana/,
    );
    assert.match(
      stranger.stdout,
      /^Service\/default\/kubernetes in staging\n +declared by +no application of this fleet\n/,
    );
    assert.equal(unknown.status, 1);
    assert.match(unknown.stderr, /cm\/nowhere: explain: no application declares it, and it is in no cluster/);
  });

  it('lists the runs, and one of them object by object', async () => {
    const { stdout } = await lab.run(['history']);
    const [, oldest = ''] = /(\w{8}) {2}\d+ created[^\n]*\n$/.exec(stdout) ?? [];
    const run = await lab.run(['history', oldest]);
    const missing = await lab.run(['history', 'zzzz']);

    assert.match(stdout, /^WHEN +CLUSTER +CAUSE +REVISION +TOOK +RUN +RESULT\n.*1 configured; 1 object drifted\n/);
    assert.match(run.stdout, new RegExp(`\\+ Secret/${lab.prefix}-inventory/stock-api +created`));
    assert.equal(missing.status, 1);
    assert.match(missing.stderr, /run zzzz: .*no run has such an id/);
  });

  it('refuses a cluster that the fleet does not have, and names those that it has', async () => {
    const commands = [['plan'], ['render'], ['drift'], ['history'], ['explain', 'svc/kubernetes']];

    const answers = await Promise.all(commands.map((words) => lab.run([...words, '--cluster', 'stagging'])));

    for (const { status, stderr } of answers) {
      assert.equal(status, 1, stderr);
      assert.match(stderr, /stagging.*\n +to do +name one of: staging\n/);
    }
  });

  it('refuses one cluster under two names, with exit status 1', async () => {
    await lab.repository.edit(
      'plumbline/clusters.yaml',
      (text) => `${text}---\n${text.replace('name: staging', 'name: twin')}`,
    );

    const { status, stderr, stdout } = await lab.run(['apply', '--branch', await lab.repository.commit('a twin')]);
    await lab.repository.revert('HEAD');

    assert.equal(status, 1, stderr);
    assert.match(stdout, /same cluster/);
  });

  it('prints JSON that can be parsed', async () => {
    const kinds = {
      status: 'Status',
      drift: 'Drift',
      history: 'History',
      plan: 'Plan',
      validate: 'Validation',
      apply: 'Status',
    };

    const answers = await Promise.all(
      Object.entries(kinds).map(async ([command, kind]) => ({
        kind,
        ...(await lab.run([command, '--json'], { FORCE_COLOR: '1' })),
      })),
    );

    for (const { kind, stdout, stderr } of answers) assert.equal(JSON.parse(stdout).kind, kind, stderr);
    const explained = JSON.parse((await lab.run(['explain', 'deploy/shop', '--json'])).stdout);
    assert.equal(explained[0].kind, 'Explanation');
  });

  it('colours only when asked, and never against NO_COLOR', async () => {
    const plain = await lab.run(['status']);
    const colored = await lab.run(['status'], { FORCE_COLOR: '1' });
    const asked = await lab.run(['status'], { FORCE_COLOR: '1', NO_COLOR: '1' });

    assert.ok(colored.stdout.includes('\u001b['));
    assert.ok(![plain, asked].some(({ stdout }) => stdout.includes('\u001b[')));
  });

  it('serves: a commit arrives, the page answers, Ctrl-C ends it with exit status 0', async (t) => {
    const serving = lab.start(['serve', '--json', '--port', '0']);
    t.after(() => serving.end());
    const events = await eventually(
      async () =>
        [...serving.values] as {
          event: string;
          page?: string;
          run?: { revision: string; counts: { configured: number } };
        }[],
      (values) => values.some(({ event }) => event === 'started'),
    );
    await lab.repository.edit('apps/inventory/config.yaml', (text) => text.replace('"30"', '"40"'));
    const revision = await lab.repository.commit('forty minutes');

    const path = `/api/v1/namespaces/${lab.prefix}-inventory/configmaps/inventory`;
    await eventually(
      async () => (await callApi(cluster, { path })).body as { data: { RESERVATION_MINUTES: string } },
      ({ data }) => data.RESERVATION_MINUTES === '40',
    );
    await eventually(
      async () => JSON.stringify(serving.values),
      (text) => text.includes('"run-ended"') && text.includes(revision),
    );
    const page = await fetch(events[0]?.page ?? '');
    const { status, stderr } = await serving.interrupt();

    assert.equal(page.status, 200);
    assert.equal(status, 0);
    assert.match(stderr, /stopped; nothing is half-done that the next run does not finish\n$/);
  });
});
