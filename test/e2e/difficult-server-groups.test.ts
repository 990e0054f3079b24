/** An API group whose server is away: the others go on, and nothing of the group is taken for gone. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, afterEach, before, describe, it } from 'node:test';
import type { ObjectRef } from '../../shared/model/object-ref.ts';
import { callApi } from '../controlplane/call-api.ts';
import { eventually } from '../controlplane/eventually.ts';
import { type DifficultFleet, difficultFleet, freshNames, writesTo } from './difficult-server/difficult-fleet.ts';
import type { SeenRequest, Trouble } from './difficult-server/difficult-server.ts';
import { definition } from './ownership/custom-resource-cases.ts';
import { configMap } from './reconcile/declared-objects.ts';

const AWAY = { answer: 503, body: 'service unavailable' };

describe('an API group that is unavailable', () => {
  const group = `g${randomBytes(4).toString('hex')}.plumbline.test`;
  let fleet: DifficultFleet;
  before(async () => {
    fleet = await difficultFleet();
    await fleet.apply(definition(group, [{ name: 'v1', storage: true }]), 'others');
    const { testCluster } = fleet;
    const path = `/apis/${group}/v1/widgets`;
    await eventually(
      () => callApi(testCluster, { path }),
      ({ status }) => status === 200,
    );
  });
  afterEach(() => fleet.server.behave());
  after(async () => {
    await fleet.remove({
      group: 'apiextensions.k8s.io',
      kind: 'CustomResourceDefinition',
      namespace: '',
      name: `widgets.${group}`,
    });
    await fleet.close();
  });

  const widget = (name: string, title: string) =>
    `---\napiVersion: ${group}/v1\nkind: Widget\nmetadata: {name: ${name}}\nspec: {title: ${title}}\n`;
  const refOf = (name: string): ObjectRef => ({ group, kind: 'Widget', namespace: fleet.namespace, name });
  const isOfGroup = ({ path }: SeenRequest) => path.startsWith(`/apis/${group}/`);

  /** Aggregated API servers have no CRDs. */
  const withoutCrd = (text: string) => {
    const list = JSON.parse(text);
    const isOther = (crd: { readonly metadata: { readonly name: string } }) => !crd.metadata.name.endsWith(group);
    return JSON.stringify({ ...list, items: list.items.filter(isOther) });
  };
  const hideCrd = ({ path }: SeenRequest): Trouble | undefined =>
    path.startsWith('/apis/apiextensions.k8s.io/v1/customresourcedefinitions')
      ? { rewriteBody: withoutCrd }
      : undefined;
  /** As the aggregator lists a group of which it knows nothing now. */
  const withoutKinds = (text: string) => {
    const listing = JSON.parse(text);
    for (const item of listing.items) {
      if (item.metadata.name === group) item.versions = [{ version: 'v1', freshness: 'Stale' }];
    }
    return JSON.stringify(listing);
  };
  const troubles: readonly (readonly [
    how: string,
    says: RegExp,
    trouble: (request: SeenRequest) => Trouble | undefined,
  ])[] = [
    ['and still listed', /: 503 service unavailable/, (request) => (isOfGroup(request) ? AWAY : hideCrd(request))],
    [
      'and listed without its kinds',
      /: the server of API group \S+ does not answer; see that what its APIService names runs/,
      (request) => {
        if (isOfGroup(request)) return AWAY;
        return request.path === '/apis' ? { rewriteBody: withoutKinds } : hideCrd(request);
      },
    ],
  ];

  for (const [how, says, trouble] of troubles) {
    it(`${how} holds back its own objects alone`, async () => {
      const [kept, leaving, flags, gone] = freshNames('kept', 'leaving', 'flags', 'gone');
      await fleet.wantWeb(widget(kept, 'one'), widget(leaving, 'one'), configMap(gone, '1'));
      await fleet.settle();
      fleet.server.make(trouble);
      await fleet.wantWeb(widget(kept, 'two'), configMap(flags, '1'));

      await fleet.run();
      const during = await fleet.report();
      const present = await fleet.areThere(flags, gone);
      const unharmed = await Promise.all([kept, leaving].map(async (name) => (await fleet.read(refOf(name)))?.spec));
      fleet.server.behave();
      await fleet.settle();

      assert.equal(during.sync, 'out-of-sync', during.problems.join('\n'));
      const problem = during.problems.find((text) => text.startsWith(`ClusterUnreachable: Widget.${group}/`)) ?? '';
      assert.match(problem, says);
      assert.deepEqual(present, [true, true], 'others are applied; nothing is deleted yet');
      assert.deepEqual(unharmed, [{ title: 'one' }, { title: 'one' }]);
      assert.deepEqual(await fleet.report(), { sync: 'synced', problems: [] });
      assert.deepEqual((await fleet.read(refOf(kept)))?.spec, { title: 'two' });
      assert.equal(await fleet.read(refOf(leaving)), undefined);
      assert.deepEqual(await fleet.areThere(flags, gone), [true, false]);
      assert.equal(fleet.server.seen.filter(writesTo(flags)).length, 0, 'what was done is not done again');
    });
  }
});
