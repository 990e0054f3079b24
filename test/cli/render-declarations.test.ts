// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${...} are expressions of declarations, not of JavaScript
/** What templates make, printed by the command line, and a mistake of one item, which the others do not share. */
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { makeRepository, type TestRepository } from '../contract/source-repository.ts';
import { runCommand } from '../e2e/cli/cli-lab.ts';

const DECLARATIONS = `apiVersion: plumbline.dev/v1
kind: Cluster
metadata: {name: prod}
spec: {kubeconfig: {context: prod}}
---
apiVersion: plumbline.dev/v1
kind: ApplicationTemplate
metadata: {name: tenants}
spec:
  forEach: {files: "tenants/*.yaml"}
  template:
    metadata: {name: "\${file.name}"}
    spec: {source: {path: "apps/\${file.name}"}, clusters: {names: [prod]}, namespace: "\${file.team}"}
`;
const configMap = (name: string) => `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\n`;

describe('plumbline render --declarations', () => {
  let fleet: TestRepository;
  let removeFleet: () => Promise<void>;
  let home: string;
  before(async () => {
    ({ repository: fleet, remove: removeFleet } = await makeRepository());
    home = await mkdtemp(join(tmpdir(), 'plumbline-made-'));
    await fleet.commit('tenants', {
      'plumbline/all.yaml': DECLARATIONS,
      'tenants/acme.yaml': 'team: red\n',
      'tenants/beta.yaml': 'team: Blue Team\n',
      'apps/acme/it.yaml': configMap('acme'),
      'apps/beta/it.yaml': configMap('beta'),
    });
  });
  after(async () => {
    await removeFleet();
    await rm(home, { recursive: true, force: true });
  });

  const run = (...words: readonly string[]) =>
    runCommand([...words, '--fleet', fleet.path, '--state', join(home, 'state')], { cwd: home, env: process.env });

  it('prints each Application under the template and the item that it is made from', async () => {
    const { status, stdout } = await run('render', 'acme', '--declarations');

    assert.equal(status, 0);
    assert.equal(
      stdout,
      `---
# ApplicationTemplate tenants (plumbline/all.yaml:6): file tenants/acme.yaml
apiVersion: plumbline.dev/v1
kind: Application
metadata:
  name: acme
spec:
  source:
    path: apps/acme
  clusters:
    names:
    - prod
  namespace: red
`,
    );
  });

  it('tells what is wrong with one of them, and exits with 1', async () => {
    const { status, stdout, stderr } = await run('render', '--declarations', '--json');

    assert.equal(status, 1);
    assert.match(stdout, /"application": "acme"/);
    assert.doesNotMatch(stdout, /"application": "beta"/);
    assert.match(stderr, /plumbline\/all\.yaml:13:\d+ .*found "Blue Team", for file tenants\/beta\.yaml/);
  });

  it('leaves the objects of the others as they are', async () => {
    const { status, stdout, stderr } = await run('render');

    assert.equal(status, 1);
    assert.match(stdout, /# prod \/ acme: ConfigMap\/acme/);
    assert.match(stderr, /found "Blue Team"/);
  });
});
