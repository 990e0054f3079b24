/** Values of Secrets and objects that templates look up, from the cluster to the chart, and nowhere else. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fleetPlaceOf, openLocalFleet } from '../../cli/local-fleet.ts';
import { openLocalRendering } from '../../cli/local-rendering.ts';
import { readEnvironment } from '../../shared/config/environment.ts';
import { renderFleet } from '../../shared/job/render-fleet.ts';
import { isOutOfSight } from '../../shared/model/gathering.ts';
import { isJsonObject } from '../../shared/model/json.ts';
import { callApi } from '../controlplane/call-api.ts';
import { sharedCluster } from '../controlplane/shared-cluster.ts';
import type { TestCluster } from '../controlplane/test-cluster.ts';
import { type BadInputLab, badInputLab } from './bad-input/bad-input-lab.ts';
import { applicationYaml, clusterYaml, configMapYaml } from './bad-input/fleet-files.ts';
import { allow } from './rights/limited-user.ts';

const FIRST = 'correct-horse-1';
const SECOND = 'battery-staple-2';

const JSON_TYPE = 'application/json';
const MERGE_PATCH = 'application/merge-patch+json';

const CHART = {
  'apps/web/Chart.yaml': 'apiVersion: v2\nname: web\nversion: 1.0.0\n',
  'apps/web/templates/secret.yaml':
    'apiVersion: v1\nkind: Secret\nmetadata: {name: web}\nstringData: {password: {{ .Values.password | quote }}}\n',
};

describe('values of a Secret in the target cluster', () => {
  let cluster: TestCluster;
  let lab: BadInputLab;
  before(async () => {
    cluster = await sharedCluster();
    lab = await badInputLab();
    await lab.bring('others', {
      'plumbline/cluster.yaml': clusterYaml('target', cluster),
      'plumbline/other.yaml': applicationYaml('other', lab.namespace),
      'apps/other/other.yaml': configMapYaml('other', '1'),
    });
  });
  after(async () => {
    await lab.close();
  });

  const secrets = () => `/api/v1/namespaces/${lab.namespace}/secrets`;
  const putSecret = async (password: string) => {
    const metadata = { name: 'web-values' };
    const body = { metadata, stringData: { 'values.yaml': `password: ${password}\n` } };
    const made = await callApi(cluster, { method: 'POST', path: secrets(), body });
    if (made.status !== 409) return assert.equal(made.status, 201);
    await callApi(cluster, {
      method: 'PATCH',
      path: `${secrets()}/web-values`,
      body: { stringData: body.stringData },
      contentType: MERGE_PATCH,
    });
  };
  const applied = async (name: string, key: string): Promise<string | undefined> => {
    const { body } = await callApi(cluster, { path: `${secrets()}/${name}` });
    const data = isJsonObject(body) && isJsonObject(body.data) ? body.data : {};
    return data[key] === undefined ? undefined : Buffer.from(String(data[key]), 'base64').toString();
  };
  const web = (more = '') => ({
    'plumbline/web.yaml': applicationYaml(
      'web',
      lab.namespace,
      `source: {path: apps/web}, render: {helm: {valuesFrom: [{secret: {name: web-values}${more}}]}}`,
    ),
  });

  it('hold an application back until they are there, and say what is missing', async () => {
    const { problems, applications } = await lab.bring('web', { ...CHART, ...web() });

    assert.equal(applications['target/other']?.sync, 'synced');
    assert.deepEqual(problems, [
      `ValueMissing Secret/${lab.namespace}/web-values: read for the rendering: it does not exist; make it, correct the reference, or say "optional: true" where it may be missing`,
    ]);
  });

  it('reach the chart within one check of the cluster once they are there', async () => {
    await putSecret(FIRST);

    const { problems, applications } = await lab.check();

    assert.deepEqual(problems, []);
    assert.equal(applications['target/web']?.sync, 'synced');
    assert.equal(await applied('web', 'password'), FIRST);
  });

  it('are rendered anew and applied when they change; a check that finds nothing new plans nothing', async () => {
    await putSecret(SECOND);
    await lab.check();
    assert.equal(await applied('web', 'password'), SECOND);

    const before = await lab.check();
    const told = lab.events.length;
    const { fleet } = await lab.check();

    assert.equal(fleet.plannedAtMs, before.fleet.plannedAtMs);
    assert.deepEqual(lab.events.slice(told), []);
  });

  it('keep what they brought when the Secret goes', async () => {
    await callApi(cluster, { method: 'DELETE', path: `${secrets()}/web-values` });

    const { problems, applications } = await lab.check();

    assert.match(problems.join(), /^ValueMissing Secret\/.*web-values: .*it does not exist/);
    assert.equal(applications['target/web']?.sync, 'out-of-sync');
    assert.equal(await applied('web', 'password'), SECOND);
  });

  it('say which keys there are when the one that is named is not among them', async () => {
    await putSecret(SECOND);
    const { problems } = await lab.bring('another key', {
      'plumbline/web.yaml': applicationYaml(
        'web',
        lab.namespace,
        'source: {path: apps/web}, render: {helm: {valuesFrom: [{secret: {name: web-values, key: web.yaml}}]}}',
      ),
    });

    assert.match(problems.join(), /it has no key "web\.yaml", but values\.yaml/);
  });

  it('are read with the rights of the application that asks', async () => {
    const account = `${lab.namespace}/reader`;
    const path = `/api/v1/namespaces/${lab.namespace}/serviceaccounts`;
    await callApi(cluster, { method: 'POST', path, body: { metadata: { name: 'reader' } } });
    const tenant = applicationYaml(
      'tenant',
      lab.namespace,
      'serviceAccount: reader, source: {path: apps/web}, render: {helm: {valuesFrom: [{secret: {name: web-values}}]}}',
    );
    await lab.bring('as it was', web());

    const { problems } = await lab.bring('a tenant', { 'plumbline/tenant.yaml': tenant });

    assert.equal(problems.length, 1, problems.join('\n'));
    assert.match(problems[0] ?? '', /^Forbidden Secret\/.*web-values: read for the rendering: .*cannot get resource/);
    assert.ok(
      problems[0]?.endsWith(
        `; allow \`get\` on secrets in namespace ${lab.namespace}; \`plumbline rbac --application tenant\` prints the rule`,
      ),
      problems[0],
    );

    const rules = [{ apiGroups: [''], resources: ['secrets'], verbs: ['get'], resourceNames: ['web-values'] }];
    await allow(cluster, { account, namespace: lab.namespace, rules });
    const allowed = await lab.check();

    assert.doesNotMatch(allowed.problems.join(), /web-values/);
    await lab.bring('without a tenant', { 'plumbline/tenant.yaml': undefined });
  });

  it('are joined by what templates look up, and rendered anew when that changes', async () => {
    const peers = `/api/v1/namespaces/${lab.namespace}/configmaps`;
    const setPeer = (method: 'POST' | 'PATCH', address: string) => {
      const body = { metadata: { name: 'peer' }, data: { address } };
      const path = method === 'POST' ? peers : `${peers}/peer`;
      return callApi(cluster, { method, path, body, contentType: method === 'POST' ? JSON_TYPE : MERGE_PATCH });
    };
    const template = `apiVersion: v1
kind: ConfigMap
metadata: {name: looker}
data: {value: {{ dig "data" "address" "nobody" (lookup "v1" "ConfigMap" "${lab.namespace}" "peer") | quote }}}
`;
    const lookup = `lookup: [{apiVersion: v1, kind: ConfigMap, namespace: ${lab.namespace}, name: peer}]`;
    const seen = async () => (await lab.objects(cluster)).looker?.value;
    await lab.bring('a chart that looks', {
      'plumbline/looker.yaml': applicationYaml(
        'looker',
        lab.namespace,
        `source: {path: apps/looker}, render: {helm: {${lookup}}}`,
      ),
      'apps/looker/Chart.yaml': 'apiVersion: v2\nname: looker\nversion: 1.0.0\n',
      'apps/looker/templates/looker.yaml': template,
    });
    assert.equal(await seen(), 'nobody');

    await setPeer('POST', '10.0.0.1');
    await lab.check();
    assert.equal(await seen(), '10.0.0.1');

    await setPeer('PATCH', '10.0.0.2');
    await lab.check();
    assert.equal(await seen(), '10.0.0.2');
  });

  it('are asked of the cluster by whoever has no run to look back to, and a note where nobody is to be asked', async () => {
    const stateDir = await mkdtemp(join(tmpdir(), 'plumbline-values-'));
    const environment = readEnvironment();
    const options = {
      fleet: lab.repositoryPath,
      branch: 'main',
      folder: 'plumbline',
      name: lab.fleet,
      state: stateDir,
    };
    const local = openLocalFleet(fleetPlaceOf(options, environment), environment);
    const io = { environment, note: () => undefined };
    const target = { fleet: lab.fleet, ref: 'main', folder: 'plumbline' };
    try {
      const assumed = await renderFleet(await openLocalRendering(local, io, { unknown: 'assume' }), target);
      const asked = await renderFleet(await openLocalRendering(local, io, { unknown: 'ask' }), target);

      const unknown = assumed.clusters.flatMap(({ desired }) => desired.unavailable);
      assert.deepEqual(unknown.map(({ name }) => name).sort(), ['looker', 'web']);
      assert.ok(unknown.flatMap(({ problems }) => problems).every(isOutOfSight));
      assert.deepEqual(
        asked.clusters.flatMap(({ desired }) => desired.unavailable),
        [],
      );
    } finally {
      local.close();
      await rm(stateDir, { recursive: true, force: true });
    }
  });

  it('stand in no state, log, error, name of a blob or digest that can be guessed', async () => {
    const broken = { 'apps/web/templates/broken.yaml': '{{ fail (printf "no %s" .Values.password) }}\n' };
    const { problems } = await lab.bring('a template that tells', broken);
    assert.match(problems.join(), /no \*\*\*/);

    const files = (await readdir(lab.stateDir, { recursive: true, withFileTypes: true })).filter((one) => one.isFile());
    const texts = await Promise.all(
      files.map(async ({ parentPath, name }) => name + (await readFile(join(parentPath, name), 'latin1'))),
    );
    const all = texts.join('\n') + JSON.stringify(lab.events) + JSON.stringify(await lab.check());

    assert.ok(files.length > 10);
    for (const password of [FIRST, SECOND]) {
      for (const text of [password, `password: ${password}\n`, `password: ${password}`]) {
        assert.ok(!all.includes(text), text);
        assert.ok(!all.includes(Buffer.from(text).toString('base64')), text);
        assert.ok(!all.includes(createHash('sha256').update(text).digest('hex')), text);
        assert.ok(!all.includes(createHash('sha256').update(text).digest('base64')), text);
      }
    }
  });
});
