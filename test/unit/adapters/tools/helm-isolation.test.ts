/** What a chart that means ill can do to the machine that renders it: the real helm under the limits of every tool. */
import assert from 'node:assert/strict';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { findTools } from '../../../../shared/adapters/tools/find-tools.ts';
import { networkIsolation } from '../../../../shared/adapters/tools/network.ts';
import { runTool } from '../../../../shared/adapters/tools/run-tool.ts';
import { PlumblineError } from '../../../../shared/errors.ts';

const { kubectlPath } = await findTools();
const helmPath = join(dirname(kubectlPath), 'helm');
const MIB = 1024 * 1024;

function template(text: string, { timeoutMs = 120_000, memoryBytes = 1536 * MIB } = {}) {
  const files = {
    'web/Chart.yaml': 'apiVersion: v2\nname: web\nversion: 1.0.0\n',
    'web/templates/a.yaml': text,
  };
  const call = {
    subject: 'web',
    act: 'helm template',
    arguments: ['template', './web'],
    files: new Map(Object.entries(files).map(([path, content]) => [path, Buffer.from(content)])),
    links: new Map(),
    timeoutMs,
  };
  return runTool(helmPath, call, { memoryBytes });
}

const wrongOf = (error: unknown) => (error instanceof PlumblineError ? error.problems[0].wrong : String(error));

test('ends a chart that loops without end', async () => {
  const loop = '{{ range until 100000 }}{{ range until 100000 }}{{ end }}{{ end }}';

  await assert.rejects(template(loop, { timeoutMs: 3000 }), (error) => wrongOf(error) === 'took longer than 3 s');
});

test('ends a chart that takes more and more memory', async (t) => {
  if (process.platform !== 'linux') return t.skip('only Linux tells what a process holds');
  const greedy = '{{ $x := "x" }}{{ range until 40 }}{{ $x = print $x $x }}{{ end }}{{ len $x }}';

  await assert.rejects(
    template(greedy, { memoryBytes: 200 * MIB }),
    (error) => wrongOf(error) === 'took more than 200 MiB of memory',
  );
});

test('ends a chart that repeats a text without end', async () => {
  const endless = '{{ $s := repeat 1000000 "x" }}{{ range until 100000 }}\n- {{ $s }}{{ end }}';

  await assert.rejects(template(endless, { memoryBytes: 300 * MIB }), (error) =>
    /took more than 300 MiB of memory|printed more than 64 MiB/.test(wrongOf(error)),
  );
});

test('gives a chart neither our environment nor files beside it, nor names of hosts', async () => {
  const seen = await template(
    'a: {{ getHostByName "localhost" | quote }}\nb: {{ .Files.Get "../../../../../etc/passwd" | quote }}',
  );
  const environment = await Promise.all([template('{{ env "HOME" }}'), template('{{ expandenv "$HOME" }}')]);

  assert.match(seen.stdout, /a: ""\nb: ""/);
  for (const { exitCode, stderr } of environment) {
    assert.equal(exitCode, 1);
    assert.match(stderr, /function "(env|expandenv)" not defined/);
  }
});

test('gives helm itself no network', async (t) => {
  if ((await networkIsolation()) !== 'namespace') return t.skip('no user namespaces here');
  const call = { subject: 'web', act: 'helm', files: new Map(), links: new Map(), timeoutMs: 120_000 };

  const { exitCode, stderr } = await runTool(helmPath, {
    ...call,
    arguments: ['show', 'chart', 'oci://127.0.0.1:9/x'],
  });

  assert.equal(exitCode, 1);
  assert.match(stderr, /network is unreachable|connection refused|cannot assign/i);
});
