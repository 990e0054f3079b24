/** docs/deploy.md as a new user would follow it, as far as one comes without an account. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { runInNewContext } from 'node:vm';
import { z } from 'zod';
import { checkConfig } from '../../infra/checked-config.ts';
import { neededConcurrency } from '../../infra/deploy/judge-account.ts';
import { ROOT } from '../architecture/source-files.ts';
import { SMALLEST, synthesize } from './sample-stacks.ts';

const page = readFileSync(join(ROOT, 'docs/deploy.md'), 'utf8');
const SECRET = 'arn:aws:secretsmanager:eu-west-1:111111111111:secret:github-AbCdEf';

/** Of a language, in the order of the page. */
function blocks(language: string): readonly string[] {
  return [...page.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'gms'))].map(([, text = '']) => text);
}

/** Settings as the page writes them: a whole file, or some fields of it. */
function settingsIn(block: string): object {
  const fields = block
    .replace(/^export const \w+: PlumblineConfig = \{\n(.*)^\};$/ms, '$1')
    .replaceAll("'<ARN of the secret>'", `'${SECRET}'`);
  return z.looseObject({}).parse(runInNewContext(`({${fields}})`));
}

test('shows settings that are right', () => {
  const shown = blocks('ts').map(settingsIn);

  for (const settings of shown) assert.equal(checkConfig({ ...SMALLEST, ...settings }).fleet, 'prod');
  assert.equal(shown.length, 3);
});

test('begins with settings that a new account can run', () => {
  const [first = ''] = blocks('ts');

  assert.ok(neededConcurrency(checkConfig({ ...SMALLEST, ...settingsIn(first) })) <= 10);
});

test('names the stack that synth makes for another account', () => {
  const settings: object =
    blocks('ts')
      .map(settingsIn)
      .find((each) => 'targets' in each) ?? {};
  const named = /npx cdk deploy --app cdk\.out (\S+)/.exec(page)?.[1] ?? '';

  const { targets } = synthesize({ ...SMALLEST, ...settings });

  assert.deepEqual([...targets.keys()], [named]);
});

test('names the role of the worker, the outputs and the dashboard as they are', () => {
  const { text } = synthesize({ ...SMALLEST, webhooks: { senders: { github: SECRET } } });

  assert.match(text, /"RoleName": "plumbline-prod-reconcile-cluster"/);
  assert.ok(page.includes('role/plumbline-prod-reconcile-cluster'));
  assert.match(text, /"WebhookUrl": \{/);
  assert.match(text, /"DashboardName": "Plumbline-prod"/);
});

test('leads to a fleet repository that is valid', () => {
  const home = mkdtempSync(join(tmpdir(), 'plumbline-page-'));
  after(() => rmSync(home, { recursive: true, force: true }));
  // The page's `../fleet` beside the checkout.
  const commands = blocks('sh')
    .flatMap((block) => block.split('\n'))
    .filter((line) => /^npx plumbline|^git -C \.\.\/fleet commit --all /.test(line));
  const [cluster = ''] = blocks('yaml');

  const outputs = commands.map((line) => {
    const said = runLine(line, home);
    if (line.startsWith('npx plumbline init')) writeFileSync(join(home, 'fleet/plumbline/clusters.yaml'), cluster);
    return said;
  });

  assert.deepEqual(
    commands.map((line) => line.split(' ').slice(0, 3).join(' ')),
    ['npx plumbline init', 'npx plumbline validate', 'git -C ../fleet'],
  );
  assert.match(outputs[1] ?? '', /my-cluster|hello|1 cluster/);
});

function runLine(line: string, home: string): string {
  const [program = '', ...rest] = [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(
    ([, quoted, plain]) => quoted ?? plain ?? '',
  );
  const args = rest.map((argument) => (argument === '../fleet' ? join(home, 'fleet') : argument));
  const [command, given] =
    program === 'npx' ? [process.execPath, [join(ROOT, 'cli/plumbline.mjs'), ...args.slice(1)]] : [program, args];
  const identity = { GIT_AUTHOR_NAME: 'a', GIT_AUTHOR_EMAIL: 'a@example.com' };
  const committer = { GIT_COMMITTER_NAME: 'a', GIT_COMMITTER_EMAIL: 'a@example.com' };
  const { status, stdout, stderr } = spawnSync(command, given, {
    cwd: home,
    encoding: 'utf8',
    env: { ...process.env, ...identity, ...committer, HOME: home },
  });
  assert.equal(status, 0, `${line}\n${stdout}${stderr}`);
  return stdout;
}
