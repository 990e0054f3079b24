/** `npm run synth` */
import { CDK_OUT, synthesize } from './synthesize.ts';

try {
  synthesize(CDK_OUT);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
