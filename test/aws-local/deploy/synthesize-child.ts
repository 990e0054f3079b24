/** `node synthesize-child.ts OUTDIR CONFIG`: the CDK in a process of its own, since it is large and wanted once. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundleFunctions } from '../../../infra/bundle-functions.ts';
import { checkConfig } from '../../../infra/checked-config.ts';
import type { PlumblineConfig } from '../../../infra/config.ts';
import { plumblineApp } from '../../../infra/plumbline-app.ts';

const [outdir = '', text = ''] = process.argv.slice(2);
const code = join(outdir, 'functions');
bundleFunctions(code);
// Written by our own parent a moment ago, from a value of this type.
const config: PlumblineConfig = JSON.parse(text);
const codeFolder = (name: string) => {
  const folder = join(code, name);
  // A function that is not written yet fails when it is invoked, not when the stack is made.
  if (!existsSync(folder)) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(
      join(folder, 'index.mjs'),
      'export const handler = async () => { throw new Error("not written yet"); };\n',
    );
  }
  return folder;
};
plumblineApp(outdir, { config: checkConfig(config), codeFolder }).app.synth();
