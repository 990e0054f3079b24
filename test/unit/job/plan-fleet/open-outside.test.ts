/** Bases in other repositories, as the planner fetches them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeInput } from '../../../../shared/render/input.ts';
import { FakeSource } from '../../../fakes/fake-source.ts';
import { application, CLUSTERS, configMap, FleetWorld } from './fleet-world.ts';

const repository = (name: string, spec: string) =>
  `apiVersion: plumbline.dev/v1\nkind: Repository\nmetadata: {name: ${name}}\nspec: {${spec}}\n`;

async function worldWith(spec: string, address: string) {
  const [world, base] = [new FleetWorld(), new FakeSource()];
  world.others.set('base', base);
  const pinned = base.commit('HEAD', {
    'deploy/kustomization.yaml': 'resources: [a.yaml]\n',
    'deploy/a.yaml': configMap('a', '1'),
    'README.md': 'hello\n',
  });
  base.commit('HEAD', { 'deploy/a.yaml': configMap('a', '2') });
  const commit = (ref: string) =>
    world.source.commit('main', {
      'plumbline/clusters.yaml': CLUSTERS,
      'plumbline/base.yaml': repository('base', spec),
      'plumbline/web.yaml': application('web'),
      'apps/web/kustomization.yaml': `resources:\n- ${address}//deploy?ref=${ref}\n`,
    });
  return { world, base, pinned, commit };
}

async function inputs(world: FleetWorld) {
  const renders = (await world.nudges()).flatMap((nudge) => (nudge.kind === 'render' ? [nudge.input] : []));
  return Promise.all(renders.map(async (key) => decodeInput((await world.blobs.read(key)) ?? new Uint8Array())));
}

const PLACES: readonly (readonly [string, string, string])[] = [
  ['git', 'git: {url: "https://git.example.com/org/base"}', 'git@git.example.com:org/base.git'],
  [
    'CodeCommit',
    'codecommit: {name: base, region: eu-west-1}',
    'https://git-codecommit.eu-west-1.amazonaws.com/v1/repos/base',
  ],
];
for (const [kind, spec, address] of PLACES) {
  test(`a base in a ${kind} repository that the fleet declares is rendered once, at its commit`, async () => {
    const { world, pinned, commit } = await worldWith(spec, address);
    commit(pinned);

    await world.plan();

    const [input, ...others] = await inputs(world);
    assert.deepEqual(others, []);
    const [file, content] = [...(input?.files ?? [])].find(([path]) => path.endsWith('deploy/a.yaml')) ?? [];
    assert.match(file ?? '', new RegExp(`^\\.plumbline/bases/.*base@${pinned}/deploy/a\\.yaml$`));
    assert.match(new TextDecoder().decode(content), /value: "1"/);
    assert.equal(input?.files.size, 3);
  });
}

test('what the base has at another commit is another input', async () => {
  const { world, base, pinned, commit } = await worldWith(
    'git: {url: "https://git.example.com/org/base"}',
    'https://git.example.com/org/base',
  );
  commit(pinned);
  await world.plan();
  const [first] = await inputs(world);
  commit((await base.resolve('HEAD')).revision);

  await world.plan();

  const [second] = await inputs(world);
  assert.ok(second !== undefined);
  assert.notEqual(first?.inputDigest, second.inputDigest);
});

test('an address that no Repository has is never opened', async () => {
  const { world, base, pinned, commit } = await worldWith(
    'git: {url: "https://git.example.com/org/base"}',
    'https://git.example.com/org/evil',
  );
  commit(pinned);

  await world.plan();

  const problems = (await world.desired('prod')).unavailable.flatMap((one) => one.problems);
  assert.deepEqual(
    problems.map(({ code, subject, wrong }) => [code, subject, wrong]),
    [
      [
        'ConfigInvalid',
        'apps/web/kustomization.yaml:2:3',
        'no Repository of the fleet has the address https://git.example.com/org/evil',
      ],
    ],
  );
  assert.match(
    problems[0]?.remedy ?? '',
    /^declare it: \{apiVersion: plumbline\.dev\/v1, kind: Repository, .*org\/evil"\}\}\}$/,
  );
  assert.equal(base.resolved, 0);
});
