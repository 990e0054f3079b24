/** What renders in AWS is what we say renders there. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { z } from 'zod';
import { RENDERER_VERSIONS } from '../../infra/constructs/isolated-renderer.ts';
import { findTools, LAYER_VERSIONS } from '../../shared/adapters/tools/find-tools.ts';
import { outputOf } from '../../shared/adapters/tools/tool-version.ts';
import { FUNCTION_VARIABLES } from '../../shared/config/names.ts';
import { SMALLEST, synthesize } from './sample-stacks.ts';
import { functionsOf, onlyResource } from './template.ts';

const { outdir, template } = synthesize(SMALLEST);
const root = dirname(createRequire(import.meta.url).resolve('@aws-cdk/lambda-layer-kubectl-v36/package.json'));

test('deploys the layer of the pinned package as it is', () => {
  const { Content } = onlyResource(template, 'AWS::Lambda::LayerVersion').Properties;

  const { S3Key } = z.looseObject({ S3Key: z.string() }).parse(Content);

  assert.equal(digestOf(join(outdir, `asset.${S3Key}`)), digestOf(join(root, 'lib/layer.zip')));
});

test('tells planner and renderer the versions that the binaries of the layer have', {
  skip: process.platform === 'linux' && process.arch === 'x64' ? false : 'the binaries of the layer do not run here',
}, async () => {
  const { kubectlPath } = await findTools();
  const [helm, kubectl] = await Promise.all([
    outputOf(join(dirname(kubectlPath), 'helm'), ['version', '--template', '{{.Version}}']),
    outputOf(kubectlPath, ['version', '--client']),
  ]);

  assert.equal(helm.trim(), RENDERER_VERSIONS.helm);
  assert.match(kubectl, new RegExp(`Client Version: ${RENDERER_VERSIONS.kubectl}$`, 'm'));
  assert.deepEqual(RENDERER_VERSIONS, LAYER_VERSIONS);
  for (const name of ['plan-fleet', 'render-input']) {
    const { Variables } = z
      .object({ Variables: z.record(z.string(), z.unknown()) })
      .parse(functionsOf(template).get(name)?.Environment);
    assert.equal(Variables[FUNCTION_VARIABLES.rendererVersions], JSON.stringify(RENDERER_VERSIONS), name);
  }
});

function digestOf(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex');
}
