/**
 * `npm run destroy [-- --data] [ARGUMENTS of cdk destroy]`: takes the installation down. Table, bucket and key stay, but
 * where `dataOnDestroy` is 'delete', that was deployed, and `--data` says it once more.
 */
import { plumblineConfig } from '../plumbline.config.ts';
import { checkConfig } from './checked-config.ts';
import { deleteBlobs } from './deploy/delete-blobs.ts';
import { runCdk } from './deploy/run-cdk.ts';
import { CDK_OUT, synthesize } from './synthesize.ts';

process.exitCode = await destroy(process.argv.slice(2));

async function destroy(given: readonly string[]): Promise<number> {
  try {
    const { fleet, place, dataOnDestroy } = checkConfig(plumblineConfig);
    const withData = given.includes('--data');
    if (withData !== (dataOnDestroy === 'delete')) throw new Error(disagreement(withData));
    synthesize(CDK_OUT);
    if (withData) {
      const deleted = await deleteBlobs(fleet, place?.region);
      process.stdout.write(`deleted ${deleted} blobs\n`);
    }
    const cdkArguments = given.filter((argument) => argument !== '--data');
    const status = runCdk('destroy', `plumbline-${fleet}`, cdkArguments);
    if (status === 0 && !withData) process.stdout.write(keptData(fleet));
    if (status !== 0 && withData) process.stderr.write(STILL_CLOSED);
    return status;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  }
}

/** Another deployment would not notice what was changed beside it. */
const STILL_CLOSED =
  'The stack is still there, but its bucket takes no blobs any more: run this again, or remove the statement PlumblineDestroy from the policy of the bucket\n';

function disagreement(withData: boolean): string {
  return withData
    ? "plumbline.config.ts: destroy with --data: dataOnDestroy is 'keep'; set it to 'delete', run npm run deploy, then this again"
    : "plumbline.config.ts: destroy: dataOnDestroy is 'delete'; say so with npm run destroy -- --data, or set it to 'keep' and deploy";
}

function keptData(fleet: string): string {
  const command = `aws resourcegroupstaggingapi get-resources --tag-filters Key=plumbline:fleet,Values=${fleet}`;
  return `Table, bucket and key of the fleet are kept; this lists them: ${command}\n`;
}
