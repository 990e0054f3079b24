import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { groupOf } from '../../../../shared/model/object-ref.ts';
import { gatherRights } from '../../../../shared/plan/rights/gather-rights.ts';
import { builtInKind } from '../../../../shared/plan/rights/kind-table.ts';

const kindOf = ({ apiVersion, kind }: { readonly apiVersion: string; readonly kind: string }) =>
  builtInKind({ group: groupOf(apiVersion), kind });

describe('rights to read what renderings are told', () => {
  it('are for the very objects, and for whole kinds only where all of them are looked up', () => {
    const rights = gatherRights(
      [
        {
          application: 'web',
          places: [{ from: 'secret', namespace: 'web', name: 'values', key: 'values.yaml' }],
          objects: [
            { apiVersion: 'v1', kind: 'Namespace', name: 'web', namespace: 'ignored' },
            { apiVersion: 'apps/v1', kind: 'Deployment' },
            { apiVersion: 'example.com/v1', kind: 'Unknown', name: 'one' },
          ],
        },
      ],
      kindOf,
    );

    assert.deepEqual(rights, [
      { verb: 'get', group: '', resource: 'secrets', namespace: 'web', name: 'values' },
      { verb: 'get', group: '', resource: 'namespaces', namespace: '', name: 'web' },
      { verb: 'list', group: 'apps', resource: 'deployments', namespace: '' },
    ]);
  });

  it('are those of the account that the application acts as', () => {
    const rights = gatherRights(
      [
        {
          application: 'web',
          serviceAccount: 'web/reader',
          places: [{ from: 'configMap', namespace: 'web', name: 'values' }],
          objects: [],
        },
      ],
      kindOf,
    );

    assert.deepEqual(rights, [
      { verb: 'impersonate', group: '', resource: 'serviceaccounts', namespace: 'web', name: 'reader' },
      { account: 'web/reader', verb: 'get', group: '', resource: 'configmaps', namespace: 'web', name: 'values' },
    ]);
  });
});
