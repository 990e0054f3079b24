/** `npm run deploy [-- ARGUMENTS of cdk deploy]`: looks whether the account is ready, synthesizes, deploys. */
import { plumblineConfig } from '../plumbline.config.ts';
import { checkConfig } from './checked-config.ts';
import { askAccount } from './deploy/account.ts';
import { judgeAccount } from './deploy/judge-account.ts';
import { runCdk } from './deploy/run-cdk.ts';
import { CDK_OUT, synthesize } from './synthesize.ts';

process.exitCode = await deploy(process.argv.slice(2));

async function deploy(cdkArguments: readonly string[]): Promise<number> {
  try {
    const config = checkConfig(plumblineConfig);
    const { missing, notes } = judgeAccount(config, await askAccount(config.place?.region));
    for (const line of [...missing, ...notes]) process.stderr.write(`${line}\n`);
    if (missing.length > 0) return 1;
    synthesize(CDK_OUT);
    return runCdk('deploy', `plumbline-${config.fleet}`, cdkArguments);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  }
}
