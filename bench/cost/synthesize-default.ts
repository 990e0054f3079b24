import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkConfig } from '../../infra/checked-config.ts';
import { plumblineApp } from '../../infra/plumbline-app.ts';
import { plumblineConfig } from '../../plumbline.config.ts';
import { readStackFacts, type StackFacts } from './stack-facts.ts';

/** Returns the facts of the stack that `plumbline.config.ts` makes as it comes. Its functions do nothing here. */
export function synthesizeDefault(): StackFacts {
  const folder = mkdtempSync(join(tmpdir(), 'plumbline-cost-'));
  try {
    const codeFolder = (name: string) => {
      const code = join(folder, 'code', name);
      mkdirSync(code, { recursive: true });
      writeFileSync(join(code, 'index.mjs'), 'export const handler = async () => undefined;\n');
      return code;
    };
    const { app, stack } = plumblineApp(join(folder, 'out'), { config: checkConfig(plumblineConfig), codeFolder });
    const { template } = app.synth().getStackByName(stack.stackName);
    return readStackFacts(template, plumblineConfig.fleet);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
