/**
 * The runtime inside a function's process: what `nodejs24.x` is in Lambda, in little. Plain JavaScript, so that a cold
 * start here measures the function and not a compiler. Source: AWS Lambda Developer Guide, "Runtime API" and "Node.js".
 */
import { existsSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const {
  AWS_LAMBDA_RUNTIME_API: api = '',
  LAMBDA_TASK_ROOT: root = '',
  _HANDLER: handlerName = '',
  AWS_LAMBDA_FUNCTION_NAME: functionName,
  AWS_LAMBDA_FUNCTION_VERSION: functionVersion,
  AWS_LAMBDA_FUNCTION_MEMORY_SIZE: memoryLimitInMB,
  AWS_LAMBDA_LOG_GROUP_NAME: logGroupName,
  AWS_LAMBDA_LOG_STREAM_NAME: logStreamName,
} = process.env;
const agent = new Agent({ keepAlive: true, maxSockets: 1 });
let current;

for (const event of ['uncaughtException', 'unhandledRejection']) {
  process.on(event, async (error) => {
    const type = event === 'uncaughtException' ? undefined : 'Runtime.UnhandledPromiseRejection';
    const path = current === undefined ? 'init/error' : `invocation/${current}/error`;
    await call('POST', path, describe(error, type)).catch(() => {});
    process.exit(129);
  });
}

const handler = await load().catch(async (error) => {
  await call('POST', 'init/error', describe(error, error.errorType ?? 'Runtime.ImportModuleError'));
  process.exit(1);
});

for (;;) {
  const { headers, body } = await call('GET', 'invocation/next');
  const requestId = headers['lambda-runtime-aws-request-id'];
  const deadlineMs = Number(headers['lambda-runtime-deadline-ms']);
  current = requestId;
  process.env._X_AMZN_TRACE_ID = headers['lambda-runtime-trace-id'];
  const context = {
    awsRequestId: requestId,
    callbackWaitsForEmptyEventLoop: true,
    functionName,
    functionVersion,
    invokedFunctionArn: headers['lambda-runtime-invoked-function-arn'],
    logGroupName,
    logStreamName,
    memoryLimitInMB,
    getRemainingTimeInMillis: () => deadlineMs - Date.now(),
  };
  try {
    const result = await handler(JSON.parse(body), context);
    await call('POST', `invocation/${requestId}/response`, JSON.stringify(result) ?? 'null');
  } catch (error) {
    await call('POST', `invocation/${requestId}/error`, describe(error));
  }
  current = undefined;
}

async function load() {
  const [file, name] = handlerName.split('.');
  const path = ['.js', '.mjs', '.cjs'].map((ending) => join(root, `${file}${ending}`)).find((one) => existsSync(one));
  if (path === undefined) throw failure('Runtime.ImportModuleError', `Cannot find module '${file}'`);
  const found = (await import(pathToFileURL(path).href))[name];
  if (found === undefined) throw failure('Runtime.HandlerNotFound', `${handlerName} is undefined or not exported`);
  if (typeof found !== 'function') throw failure('Runtime.HandlerNotFound', `${handlerName} is not a function`);
  if (found.length > 2) throw failure('Runtime.CallbackHandlerDeprecated', `${handlerName} takes a callback`);
  return found;
}

function failure(errorType, message) {
  return Object.assign(new Error(message), { errorType });
}

function describe(error, type) {
  const known = error instanceof Error ? error : new Error(String(error));
  const trace = (known.stack ?? '').split('\n');
  return JSON.stringify({ errorType: type ?? known.name, errorMessage: known.message, trace });
}

function call(method, path, body = '') {
  return new Promise((resolve, reject) => {
    const headers = { 'content-length': Buffer.byteLength(body), 'content-type': 'application/json' };
    const outgoing = request(`http://${api}/2018-06-01/runtime/${path}`, { method, agent, headers }, (response) => {
      const chunks = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.once('error', reject);
      response.once('end', () => resolve({ headers: response.headers, body: Buffer.concat(chunks).toString() }));
    });
    outgoing.once('error', reject);
    outgoing.end(body);
  });
}
