/** Fleets that ask who signed their commits, planned from a repository whose commits git and ssh-keygen signed. */
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { GitSource } from '../../../../shared/adapters/git/git-source.ts';
import type { PlanDeps } from '../../../../shared/job/plan-fleet/plan-deps.ts';
import { planFleet } from '../../../../shared/job/plan-fleet.ts';
import { renderFleet } from '../../../../shared/job/render-fleet.ts';
import type { FleetStatus } from '../../../../shared/model/status.ts';
import { openSigningDesk, type Signer, type SigningDesk } from '../../signatures/signers.ts';
import { FleetWorld } from './fleet-world.ts';

const KIND = 'apiVersion: plumbline.dev/v1\nkind:';
const CLUSTER = `${KIND} Cluster\nmetadata: {name: prod}\nspec: {kubeconfig: {context: prod}}\n`;
const policy = (verify: string): string => `${KIND} Fleet\nmetadata: {name: shop}\nspec: {verify: ${verify}}\n`;
const trusting = ({ trusted }: Signer): string =>
  `${KIND} TrustedKey\nmetadata: {name: ${trusted.name}}\nspec: {ssh: ${JSON.stringify(trusted.ssh)}}\n`;
const application = (source: string): string =>
  `${KIND} Application\nmetadata: {name: web}\nspec: {source: {${source}}, clusters: {all: true}}\n`;
const manifest = (value: string): string =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web, namespace: default}\ndata: {value: ${value}}\n`;

let keys: SigningDesk;
let ana: Signer;
let eve: Signer;
before(async () => {
  keys = await openSigningDesk();
  ana = await keys.sshKey('ana', 'ed25519');
  eve = await keys.sshKey('eve', 'ed25519');
});
after(async () => keys.remove());

describe('the fleet repository', () => {
  let desk: SigningDesk;
  let world: FleetWorld;
  let deps: PlanDeps;
  beforeEach(async () => {
    desk = await openSigningDesk();
    world = new FleetWorld();
    deps = { ...world.deps, sources: { ...world.deps.sources, fleet: new GitSource(desk.repository.path) } };
  });
  afterEach(async () => desk.remove());

  const commit = async (files: Readonly<Record<string, string>>, signer?: Signer): Promise<string> => {
    await desk.repository.write(files);
    await desk.repository.git('add', '--all');
    return desk.commit('a change', signer);
  };
  const plan = async (): Promise<FleetStatus> => {
    await world.state.wake({ kind: 'fleet', fleet: 'shop' });
    await planFleet(deps, { fleet: 'shop', branch: 'main', folder: 'plumbline' });
    const status = await world.status();
    if (status === undefined) throw new Error('nothing was planned');
    return status;
  };
  const base = (verify = '{mode: refuse}') => ({
    'plumbline/cluster.yaml': CLUSTER,
    'plumbline/fleet.yaml': policy(verify),
    'plumbline/ana.yaml': trusting(ana),
    'plumbline/web.yaml': application('path: web'),
    'web/map.yaml': manifest('one'),
  });

  it('is planned when someone trusted signed its head, and stays as it was when nobody did', async () => {
    const first = await commit(base(), ana);
    assert.equal((await plan()).planned?.revision, first);

    const second = await commit({ 'web/map.yaml': manifest('two') });
    const refused = await plan();
    assert.equal(refused.planned?.revision, first);
    assert.equal(refused.head?.revision, second);
    const [problem] = refused.problems;
    assert.equal(problem?.code, 'SignatureRefused');
    assert.match(problem?.subject ?? '', new RegExp(`^commit ${second.slice(0, 7)} by Ana of the fleet repository$`));
    assert.equal(problem?.wrong, 'it has no signature');
    assert.match(problem?.remedy ?? '', /sign it by one of the keys ana/);

    const third = await commit({ 'web/map.yaml': manifest('three') }, ana);
    assert.equal((await plan()).planned?.revision, third);
  });

  it('takes no commit that brings its own key, changes the policy or removes it', async () => {
    const first = await commit(base(), ana);
    await plan();

    for (const files of [
      { 'plumbline/eve.yaml': trusting(eve) },
      { 'plumbline/fleet.yaml': policy('{mode: report}') },
      { 'plumbline/fleet.yaml': `${KIND} Fleet\nmetadata: {name: shop}\nspec: {}\n` },
    ]) {
      await commit(files, eve);
      const refused = await plan();
      assert.equal(refused.planned?.revision, first);
      assert.match(refused.problems[0]?.wrong ?? '', /signed by the SSH key SHA256:.*, which is not trusted/);
    }
    await commit({ 'plumbline/eve.yaml': trusting(eve), 'plumbline/fleet.yaml': policy('{mode: refuse}') }, ana);
    await plan();
    const handed = await commit({ 'web/map.yaml': manifest('by eve') }, eve);
    assert.equal((await plan()).planned?.revision, handed);
  });

  it('trusts nobody new when the policy that was kept is lost', async () => {
    const first = await commit(base(), ana);
    const { trust = '' } = await plan();
    const { blobs } = world;
    deps = {
      ...deps,
      blobs: {
        write: (key, content) => blobs.write(key, content),
        read: async (key) => (key === trust ? undefined : blobs.read(key)),
        has: (key) => blobs.has(key),
        remove: (key) => blobs.remove(key),
        digest: (content) => blobs.digest(content),
      },
    };
    await commit({ 'plumbline/eve.yaml': trusting(eve) }, eve);

    assert.equal((await plan()).planned?.revision, first);
  });

  it('is planned with a note when the policy is to report', async () => {
    await commit(base('{mode: report}'), ana);
    assert.equal((await plan()).notes, undefined);

    const second = await commit({ 'web/map.yaml': manifest('two') });
    await plan();
    const status = await plan();
    assert.equal(status.planned?.revision, second);
    assert.match(
      status.notes?.[0] ?? '',
      /^commit [0-9a-f]{7} by Ana of the fleet repository: look who signed it: it has no signature$/,
    );
  });

  it('is held to its own policy at first, and no more by others than those it names', async () => {
    await commit(
      { ...base(), 'plumbline/eve.yaml': trusting(eve), 'plumbline/fleet.yaml': policy('{mode: refuse, keys: [ana]}') },
      eve,
    );
    const refused = await plan();

    assert.equal(refused.planned, undefined);
    assert.equal(refused.problems[0]?.code, 'SignatureRefused');
  });

  it('is asked for nothing in a place without signatures but refused clearly', async () => {
    world.source.commit('main', base());
    await world.plan();

    assert.match((await world.status())?.problems[0]?.wrong ?? '', /nothing is ever signed in a place of this kind/);
  });

  it('says which declared key is misspelt', async () => {
    await commit(base('{mode: refuse, keys: [anna]}'), ana);

    const [problem] = (await plan()).problems;
    assert.match(problem?.subject ?? '', /^plumbline\/fleet\.yaml:/);
    assert.match(`${problem?.wrong}; ${problem?.remedy}`, /no TrustedKey is called "anna"; did you mean "ana"/);
  });
});

describe('another repository', () => {
  let desk: SigningDesk;
  let world: FleetWorld;
  let deps: PlanDeps;
  beforeEach(async () => {
    desk = await openSigningDesk();
    world = new FleetWorld();
    const open = () => new GitSource(desk.repository.path);
    deps = { ...world.deps, sources: { ...world.deps.sources, open } };
  });
  afterEach(async () => desk.remove());

  const declare = (mode: string, revision = 'main'): void => {
    world.source.commit('main', {
      'plumbline/cluster.yaml': CLUSTER,
      'plumbline/ana.yaml': trusting(ana),
      'plumbline/web.yaml': application(`repository: charts, revision: ${revision}, path: web`),
      'plumbline/charts.yaml': `${KIND} Repository\nmetadata: {name: charts}\nspec: {directory: {path: ../charts}, verify: {mode: ${mode}}}\n`,
    });
  };
  const commit = async (value: string, signer?: Signer): Promise<string> => {
    await desk.repository.write({ 'web/map.yaml': manifest(value) });
    await desk.repository.git('add', '--all');
    return desk.commit('a change', signer);
  };
  const settle = async () => {
    for (let round = 0; round < 2; round += 1) {
      await world.state.wake({ kind: 'fleet', fleet: 'shop' });
      await planFleet(deps, { fleet: 'shop', branch: 'main', folder: 'plumbline' });
      await world.render();
    }
    return world.desired('prod');
  };

  it('keeps what its applications had when nobody trusted signed its head', async () => {
    declare('refuse');
    const first = await commit('one', ana);
    assert.equal((await settle()).applications[0]?.commit.revision, first);
    await commit('two', eve);

    const [held] = (await settle()).applications;
    assert.equal(held?.commit.revision, first);
    assert.equal(held?.heldBack?.reason, 'failed');
    const problems = held?.heldBack?.reason === 'failed' ? held.heldBack.problems : [];
    assert.match(
      JSON.stringify(problems),
      /SignatureRefused.*by Ana of Repository charts.*SSH key SHA256:.*not trusted/,
    );
  });

  it('is read at a signed tag in a range, though its commits are not signed', async () => {
    declare('refuse', '1.x');
    const tagged = await commit('one');
    await desk.tag('v1.0.0', ana);
    assert.equal((await settle()).applications[0]?.commit.revision, tagged);
    await commit('two');
    await desk.tag('v1.1.0', eve);

    assert.equal((await settle()).applications[0]?.commit.revision, tagged);
  });

  it('is read with a note when the policy is to report, which validating tells too', async () => {
    declare('report');
    const head = await commit('one');
    assert.equal((await settle()).applications[0]?.commit.revision, head);

    assert.match(
      (await world.status())?.notes?.join() ?? '',
      /by Ana of Repository charts: look who signed it: it has no signature/,
    );
    const renderers = { helm: unused, kustomize: unused };
    const rendered = await renderFleet(
      { ...deps, renderers, factsOf: async () => undefined, gatheredIn: async () => undefined },
      { fleet: 'shop', ref: 'main', folder: 'plumbline' },
    );
    assert.deepEqual(
      rendered.unsigned.map(({ code, wrong }) => [code, wrong]),
      [['SignatureRefused', 'it has no signature']],
    );
  });
});

const unused = { version: 'none', run: () => Promise.reject(new Error('plain files are rendered here')) };
