/** One push can be followed from the repository's event to the last request that an API server has seen of it. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { isJsonObject } from '../../shared/model/json.ts';
import { pythonIsMissing } from '../aws/python-tools.ts';
import { type LoggedRequest, markRequests, requestsSince } from '../controlplane/request-log.ts';
import { type AwsLocal, waitUntil } from './aws-local.ts';
import { CHANGED_OBJECT, LoadFleet } from './measure/load-fleet.ts';
import { untilQuiet, type Work, watchWork } from './measure/watch-work.ts';
import { startAwsLocal } from './start-aws-local.ts';
import { storyStack } from './story/story-stack.ts';

const WAY = ['on-repository-change', 'plan-fleet', 'render-input', 'render', 'reconcile-cluster'];

describe('the way of one push', { skip: pythonIsMissing }, () => {
  let aws: AwsLocal;
  let fleet: LoadFleet;
  let work: Work;
  let commit: string;
  const nudges: unknown[] = [];
  let requests: readonly LoggedRequest[];

  before(async () => {
    const { config, clusters = [], ...rest } = storyStack();
    aws = await startAwsLocal({
      ...rest,
      config: { ...config, checkMinutes: 60 },
      clusters: clusters.filter(({ name }) => name === 'staging').map((one) => ({ ...one, controllers: false })),
    });
    fleet = await LoadFleet.create(aws, { applications: 1, objects: 4 });
    await fleet.change();
    await waitUntil(aws, 'a first run', () => aws.function('reconcile-cluster').invocations[0]);
    await untilQuiet(aws);
    aws.gateway.onRequest(({ service, parameters }, _caller, phase) => {
      if (phase === 'executed' && service === 'sqs') nudges.push(...bodiesOf(parameters));
    });
    const [cluster] = aws.clusters;
    if (cluster === undefined) throw new Error('there is no cluster');
    const mark = await markRequests(cluster.plane);
    work = await watchWork(aws, async () => {
      ({ commit } = await fleet.change());
    });
    requests = await requestsSince(cluster.plane, mark, { userAgent: 'plumbline/' });
  });

  after(async () => {
    await fleet?.remove();
    await aws?.stop();
  });

  it('has one correlation id in every line that functions write', () => {
    assert.deepEqual(work.functions.map(({ name }) => name).sort(), WAY.toSorted());
    const [trace = ''] = tracesOf('on-repository-change');
    assert.match(trace, /^[\w:.-]{8,64}$/);
    for (const name of WAY) assert.deepEqual(tracesOf(name), [trace], name);
  });

  it('has it in every nudge, to planner, renderer and worker', () => {
    const [trace] = tracesOf('on-repository-change');
    const told = nudges.filter(isJsonObject);
    assert.deepEqual([...new Set(told.map(({ kind }) => kind))].sort(), ['cluster', 'fleet', 'render']);
    assert.deepEqual([...new Set(told.map((nudge) => nudge.trace))], [trace]);
  });

  it('goes on in the audit log of the cluster: the line of the run names what its requests name', () => {
    const lines = work.functions
      .filter(({ name }) => name === 'reconcile-cluster')
      .flatMap((one) => jsonLines(one.lines));
    const run = lines.find(({ message }) => message === 'run');
    assert.equal(run?.commit, commit);

    const names = `commit ${commit.slice(0, 12)}; run ${String(run?.run).slice(0, 12)})`;
    const others = requests.filter(({ userAgent }) => !userAgent.endsWith(names));

    assert.deepEqual(others, []);
    const applied = requests.find(({ verb, path }) => verb === 'patch' && path === CHANGED_OBJECT);
    assert.match(applied?.userAgent ?? '', /; application app-0; /);
  });

  function tracesOf(name: string): readonly string[] {
    const lines = work.functions.filter((one) => one.name === name).flatMap((one) => jsonLines(one.lines));
    assert(lines.length > 0, `${name} writes nothing`);
    return [...new Set(lines.map((line) => String(line.correlation_id)))];
  }
});

function jsonLines(lines: readonly string[]): readonly Readonly<Record<string, unknown>>[] {
  return lines.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line));
}

/** What a request puts into queues. */
function bodiesOf({ MessageBody, Entries }: Readonly<Record<string, unknown>>): readonly unknown[] {
  const entries = Array.isArray(Entries) ? Entries.filter(isJsonObject) : [];
  return [MessageBody, ...entries.map((entry) => entry.MessageBody)]
    .filter((body) => typeof body === 'string')
    .map((body) => JSON.parse(body));
}
