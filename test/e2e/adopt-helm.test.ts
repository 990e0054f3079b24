/** A release of the real helm is taken over without being made anew. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { AdoptionLab, wanted } from './adopt/adoption-lab.ts';
import { configMap, deployment } from './reconcile/declared-objects.ts';

let lab: AdoptionLab;
before(async () => {
  lab = await AdoptionLab.open();
});
beforeEach(() => lab.reset());
after(() => lab.close());

describe('a release of Helm', () => {
  const CHART = {
    'Chart.yaml': 'apiVersion: v2\nname: shop\nversion: 1.0.0\n',
    'templates/all.yaml': `${configMap('flags', '{{ .Values.value }}', { old: '{{ .Values.value }}' })}---
apiVersion: apps/v1
kind: Deployment
metadata: {name: shop, labels: {app.kubernetes.io/managed-by: "{{ .Release.Service }}"}}
spec:
  replicas: 1
  selector: {matchLabels: {app: shop}}
  template:
    metadata: {labels: {app: shop}}
    spec: {containers: [{name: web, image: web}]}
`,
  };
  const managed = (text: string) =>
    text.replace('{name: shop}', '{name: shop, labels: {app.kubernetes.io/managed-by: Helm}}');
  const git = () =>
    wanted('flags') + managed(deployment('shop', 1).replace('metadata:\n  name: shop', 'metadata: {name: shop}'));
  const readyPods = async () => {
    const pods = await lab.others.list({ apiVersion: 'v1', kind: 'Pod', namespace: lab.fleet.namespace });
    return pods.map(({ metadata }) => metadata.uid).sort();
  };

  for (const way of ['--server-side=true', '--server-side=false']) {
    it(`installed with ${way} is taken over without a new Pod; helm uninstall finds nothing then`, async () => {
      const chart = await lab.tools.folder(CHART);
      const release = `shop${way.length}`;
      const inNamespace = ['-n', lab.fleet.namespace];
      await lab.tools.helm(
        'install',
        release,
        chart,
        ...inNamespace,
        '--set',
        'value=theirs',
        way,
        '--wait',
        '--timeout',
        '60s',
      );
      const before = await lab.readMap('flags');
      const pods = await readyPods();

      await lab.bringIn(git(), []);
      assert.match((await lab.problems())[0] ?? '', new RegExp(`Helm release ${lab.fleet.namespace}/${release}`));
      assert.deepEqual((await lab.readMap('flags')).data, { old: 'theirs', value: 'theirs' });

      await lab.bringIn(git(), ['helm']);
      const warnings = await lab.warningsTold();
      await lab.fleet.settle();

      await lab.assertTaken('flags', before);
      assert.deepEqual(await readyPods(), pods);
      await assert.rejects(lab.tools.helm('uninstall', release, ...inNamespace), /not found/);
      assert.equal((await lab.readMap('flags')).metadata.uid, before.metadata.uid);

      // What the note says gives the release back.
      const back = /to give it back: kubectl (.+)$/.exec(warnings[0] ?? '')?.[1];
      assert.ok(back, JSON.stringify(warnings));
      assert.equal(await lab.tools.helm('list', '-q', ...inNamespace), '');
      await lab.tools.kubectl(...back.split(' '));
      assert.equal((await lab.tools.helm('list', '-q', ...inNamespace)).trim(), release);
      await lab.tools.helm('uninstall', release, ...inNamespace);
      assert.equal(await lab.fleet.read(lab.ref('ConfigMap', 'flags')), undefined);
    });
  }
});
