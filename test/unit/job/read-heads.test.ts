import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { Source } from '../../../shared/job/ports.ts';
import { readHeads } from '../../../shared/job/read-heads.ts';
import { repositorySchema } from '../../../shared/model/declarations.ts';
import type { FleetStatus } from '../../../shared/model/status.ts';
import { NEW_WORK_ITEM } from '../../../shared/model/work-item.ts';

const shop = repositorySchema.parse({
  apiVersion: 'plumbline.dev/v1',
  kind: 'Repository',
  metadata: { name: 'shop' },
  spec: { directory: { path: '../shop' } },
});

it('changes when any ref moves that the fleet is read at, and when one cannot be read any more', async () => {
  const heads = new Map([
    ['fleet@main', '1'],
    ['shop@HEAD', '1'],
    ['fleet@next', '1'],
  ]);
  const source = (name: string): Source => ({
    resolve: async (ref) => {
      const revision = heads.get(`${name}@${ref}`);
      if (revision === undefined) throw new Error(`no ${ref}`);
      return { revision, subject: '', author: '', committedAtMs: 0 };
    },
    snapshot: () => assert.fail('not read'),
    log: () => assert.fail('not read'),
  });
  const watched = [{ ref: 'next' }, { repository: shop, ref: 'HEAD' }];
  const status: FleetStatus = { fleet: 'f', branch: 'main', problems: [], clusters: [], watched };
  const state = { readFleet: async () => ({ work: NEW_WORK_ITEM, ticket: 1, status }) };
  const sources = { fleet: source('fleet'), open: () => source('shop') };
  const read = () => readHeads({ state, sources }, { fleet: 'f', branch: 'main' });

  const texts = [await read(), await read()];
  for (const key of heads.keys()) {
    heads.set(key, '2');
    texts.push(await read());
  }
  heads.delete('shop@HEAD');
  texts.push(await read());

  assert.equal(texts[0], texts[1]);
  assert.equal(new Set(texts).size, texts.length - 1);
});
