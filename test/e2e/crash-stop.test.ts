import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { VERSION } from '../../shared/config/names.ts';

import { eventually } from '../controlplane/eventually.ts';
import { type LoggedRequest, markRequests, requestsSince } from '../controlplane/request-log.ts';
import { applicationYaml, type CrashLab, configMapYaml, crashLab, killed, OWN_LIMITS } from './crash/crash-lab.ts';
import type { ServeChildOptions } from './crash/serve-child.ts';

/** How long a process that woke may take to send what it has left. */
const WAKING_MS = 2_000;
const MOST_TRIES = 5;
const WRITES = ['create', 'update', 'patch', 'delete', 'deletecollection'];

interface StopScene {
  readonly filesAt: (value: string) => Readonly<Record<string, string>>;
  readonly values: { readonly before: string; readonly stopped: string; readonly after: string };
  readonly limits: Pick<ServeChildOptions, 'runMs' | 'writeMarginMs' | 'holdMs'>;
}

describe('a server that is stopped in the middle of a run, and wakes after another took over', () => {
  let lab: CrashLab;
  before(async () => {
    lab = await crashLab();
  });
  after(() => lab.close());

  it('is stopped by its own clock before anything leaves, even within a wave', async () => {
    const objectsAt = (value: string): string => manyObjects(300, (i) => configMapYaml(`timed-${i}`, value));
    const limits = { runMs: 4_000, writeMarginMs: 500, holdMs: 5_000 };

    const sent = await requestsOfTheStopped('timed', objectsAt, limits);

    assert.deepEqual(sent.filter(isWrite), []);
  });

  it('is stopped by the fence before the next wave, even where its own clock would let it go on', async () => {
    // A wave each: the anchor is looked at before every one.
    const objectsAt = (value: string): string => manyObjects(80, (i) => configMapYaml(`fenced-${i}`, value, i));
    const limits = { runMs: 300_000, writeMarginMs: 0, holdMs: 3_000 };

    const sent = await requestsOfTheStopped('fenced', objectsAt, limits);

    const anchorPath = `/api/v1/namespaces/plumbline-system/configmaps/plumbline-${lab.fleet}`;
    assert.ok(
      sent.some(({ verb, path }) => verb === 'get' && path === anchorPath),
      'it woke in the middle of its run and looked at the anchor',
    );
    // It may have been stopped between a look and the write that followed: what the clock is there for.
    assert.ok(sent.filter(isWrite).length <= 1, JSON.stringify(sent));
  });

  /**
   * Stops a server while it applies one commit, lets another one apply the next, and returns what the first sends then.
   * On a busy machine the stop may come when everything is applied already; then it is done once more.
   */
  async function requestsOfTheStopped(
    application: string,
    objectsAt: (value: string) => string,
    limits: Pick<ServeChildOptions, 'runMs' | 'writeMarginMs' | 'holdMs'>,
  ): Promise<readonly LoggedRequest[]> {
    const filesAt = (value: string) => ({ [`apps/${application}/objects.yaml`]: objectsAt(value) });
    const declaration = applicationYaml(application, { namespace: lab.namespace });
    lab.commit({ [`plumbline/${application}.yaml`]: declaration, ...filesAt('0') });
    for (let tries = 1; tries <= MOST_TRIES; tries++) {
      const values = { before: `${tries}`, stopped: `${tries}-stopped`, after: `${tries}-after` };
      const sent = await stopHalfWay(application, { filesAt, values, limits });
      if (sent !== undefined) return sent;
    }
    return assert.fail(`in ${MOST_TRIES} tries it was never stopped half-way`);
  }

  async function stopHalfWay(
    application: string,
    { filesAt, values, limits }: StopScene,
  ): Promise<readonly LoggedRequest[] | undefined> {
    const stopped = lab.serveWith(limits);
    await lab.settled(lab.commit(filesAt(values.before)));
    const begin = await markRequests(lab.cluster);

    lab.commit(filesAt(values.stopped));
    const changed = () =>
      lab.watch.events.filter(({ name, data }) => name.startsWith(application) && data.value === values.stopped);
    while (changed().length < 5) await pause(1);
    stopped.kill('SIGSTOP');
    const next = lab.serveWith(OWN_LIMITS);
    await lab.settled(lab.commit(filesAt(values.after)));
    const ofTheStopped = (await ofFleet(begin)).filter(isWrite).map(runOf)[0];
    const half = changed().length;
    const wake = await markRequests(lab.cluster);
    stopped.kill('SIGCONT');
    await pause(WAKING_MS);

    const sent = (await ofFleet(wake)).filter((request) => runOf(request) === ofTheStopped);
    const all = Object.keys(await lab.objects()).filter((name) => name.startsWith(application));
    await eventually(lab.objects, (objects) => all.every((name) => objects[name] === values.after));
    await killed(stopped);
    await killed(next);
    return half < all.length ? sent : undefined;
  }

  function ofFleet(mark: number): Promise<LoggedRequest[]> {
    return requestsSince(lab.cluster, mark, { userAgent: `plumbline/${VERSION} (fleet ${lab.fleet};` });
  }
});

function manyObjects(count: number, one: (i: number) => string): string {
  return Array.from({ length: count }, (_, i) => one(i)).join('');
}

/** Each request names its run, and most an application. */
function runOf({ userAgent }: LoggedRequest): string | undefined {
  return /run ([0-9a-f]+)/.exec(userAgent)?.[1];
}

/** Asking what one may do changes nothing. */
function isWrite({ verb, path }: LoggedRequest): boolean {
  return WRITES.includes(verb) && !path.endsWith('/selfsubjectaccessreviews');
}
