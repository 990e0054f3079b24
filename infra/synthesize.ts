import { join } from 'node:path';
import { plumblineConfig } from '../plumbline.config.ts';
import { bundleFunctions } from './bundle-functions.ts';
import { checkConfig } from './checked-config.ts';
import { describeNetworks } from './network-endpoints.ts';
import { plumblineApp } from './plumbline-app.ts';

const ROOT = join(import.meta.dirname, '..');
const CODE = join(ROOT, 'node_modules', '.cache', 'plumbline', 'functions');

/** Where `npm run synth` writes. */
export const CDK_OUT = join(ROOT, 'cdk.out');

/**
 * The functions become files, the settings of this checkout become stacks in `outdir`; undefined: where the CDK's own
 * command wants them. What people should know of their settings goes to stderr.
 *
 * @throws {Error} when a setting is wrong, or cdk-nag finds something that nobody accepted.
 */
export function synthesize(outdir: string | undefined): void {
  bundleFunctions(CODE);
  const config = checkConfig(plumblineConfig);
  plumblineApp(outdir, { config, codeFolder: (name) => join(CODE, name) }).app.synth();
  for (const line of describeNetworks(config)) process.stderr.write(`${line}\n`);
}
