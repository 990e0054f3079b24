/** What people read when a chart does not render: real messages of helm, cut to what matters, each with its file. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readHelmWarnings } from '../../../../shared/adapters/helm/helm-message.ts';
import { textSource } from '../folder-source.ts';
import { complaintsOf } from '../render-in.ts';
import { FILE_FAILURES } from './file-failures.ts';
import { TEMPLATE_FAILURES } from './template-failures.ts';

for (const { what, files, values = {}, valuesFiles = [], complaints } of [...TEMPLATE_FAILURES, ...FILE_FAILURES]) {
  test(`says what is wrong with ${what}`, async () => {
    const chart = { 'Chart.yaml': 'apiVersion: v2\nname: podinfo\nversion: 1.0.0\n', ...files };
    const source = textSource(
      Object.fromEntries(Object.entries(chart).map(([at, text]) => [`charts/web/${at}`, text])),
    );
    const render = { helm: { valuesFiles: [...valuesFiles], values, includeCRDs: true } };

    const said = await complaintsOf(source, { path: 'charts/web', render });

    assert.deepEqual(
      said.map((line) => line.replace(/^charts\/web\//, '')),
      complaints,
    );
  });
}

test('names the file in the repository for what fails in a dependency by file://', async () => {
  const source = textSource({
    'charts/web/Chart.yaml':
      'apiVersion: v2\nname: web\nversion: 1.0.0\ndependencies: [{name: common, version: 1.x, repository: "file://../common", alias: base}]\n',
    'charts/common/Chart.yaml': 'apiVersion: v2\nname: common\nversion: 1.0.0\n',
    'charts/common/templates/a.yaml': '\nx: {{ .Values.a.b }}',
  });

  assert.deepEqual(await complaintsOf(source, { path: 'charts/web' }), [
    'charts/common/templates/a.yaml:2:13: helm template: <.Values.a.b>: nil pointer evaluating interface {}.b; set the value, or give it a default in values.yaml',
  ]);
});

test('reads the warnings among what helm informs of', () => {
  const printed = [
    'level=INFO msg="warning: skipped value for w.s: Not a table."',
    'level=INFO msg="something else"',
    'level=WARN msg="unable to find exact version"',
    'WARNING: This chart is deprecated',
    'plain text',
  ];

  assert.deepEqual(readHelmWarnings(printed.join('\n')), [
    'helm: skipped value for w.s: Not a table.',
    'helm: unable to find exact version',
    'helm: This chart is deprecated',
  ]);
});
