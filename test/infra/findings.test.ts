/** What cdk-nag (at every synth) and cfn-lint find in the template: nothing that is not accepted with a reason. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { globSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { checkConfig } from '../../infra/checked-config.ts';
import { plumblineApp } from '../../infra/plumbline-app.ts';
import { pythonIsMissing, pythonTool } from '../aws/python-tools.ts';
import { LARGEST, SMALLEST, synthesize } from './sample-stacks.ts';

/** The CDK makes a function depend on its role by name as well as by reference, so that its policy comes first. */
const IGNORED = ['--ignore-checks', 'W3005'];

const samples = { smallest: synthesize(SMALLEST), largest: synthesize(LARGEST) };

for (const [name, { outdir }] of Object.entries(samples)) {
  test(`cfn-lint finds nothing in the stacks of the ${name} installation`, { skip: pythonIsMissing }, async () => {
    const lint = await pythonTool('cfn-lint');

    const paths = globSync(join(outdir, '*.template.json'));

    const { stdout, stderr, status } = spawnSync(lint, [...paths, ...IGNORED], { encoding: 'utf8' });

    assert.equal(`${stdout}${stderr}`, '');
    assert.equal(status, 0);
    assert.equal(paths.length, name === 'smallest' ? 1 : 3);
  });
}

test('cfn-lint finds a property that there is not', { skip: pythonIsMissing }, async () => {
  const lint = await pythonTool('cfn-lint');
  const broken = join(samples.smallest.outdir, 'broken.json');
  writeFileSync(broken, samples.smallest.text.replace('"VisibilityTimeout"', '"VisibilityTimeOut"'));

  const { stdout, status } = spawnSync(lint, [broken, ...IGNORED], { encoding: 'utf8' });

  assert.match(stdout, /VisibilityTimeOut/);
  assert.notEqual(status, 0);
});

test('synth fails on a finding of cdk-nag that nobody accepted', () => {
  const { app, stack } = plumblineApp(join(samples.smallest.outdir, 'open'), {
    config: checkConfig(SMALLEST),
    codeFolder: (name) => join(samples.smallest.outdir, '..', 'code', name),
  });
  new Bucket(stack, 'OpenBucket');

  assert.throws(() => app.synth(), /Validation failed/);
});
