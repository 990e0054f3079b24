/** One invocation, as Lambda's runtime makes it; says whether X-Ray's SDK was loaded for it. */
import { createRequire } from 'node:module';
import { requestFunction } from '../../functions/base/request-function.ts';
import { lambdaContext } from './recorded-world.ts';

const handler = requestFunction('render', async () => 'the answer');
const answer = await handler({ trace: 'push-1' }, lambdaContext());
const loaded = Object.keys(createRequire(import.meta.url).cache).some((path) => path.includes('aws-xray-sdk-core'));
process.stdout.write(`${JSON.stringify({ answer, loaded })}\n`);
