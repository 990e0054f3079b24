/** `npm run synth`, and what the CDK's own command runs: the functions become files, the settings become the stack. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { plumblineConfig } from '../plumbline.config.ts';
import type { FunctionName } from '../shared/config/names.ts';
import { bundleFunctions } from './bundle-functions.ts';
import { checkConfig } from './checked-config.ts';
import { describeNetworks } from './network-endpoints.ts';
import { plumblineApp } from './plumbline-app.ts';

const ROOT = join(import.meta.dirname, '..');
const CODE = join(ROOT, 'node_modules', '.cache', 'plumbline', 'functions');

bundleFunctions(CODE);
const config = checkConfig(plumblineConfig);
plumblineApp(process.env.CDK_OUTDIR ?? join(ROOT, 'cdk.out'), { config, codeFolder }).app.synth();
for (const line of describeNetworks(config)) process.stderr.write(`${line}\n`);

function codeFolder(name: FunctionName): string {
  const folder = join(CODE, name);
  if (!existsSync(join(folder, 'index.mjs'))) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'index.mjs'), 'export const handler = async () => undefined;\n');
  }
  return folder;
}
