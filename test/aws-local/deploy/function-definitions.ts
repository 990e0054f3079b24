/** The functions of the template with their code, their variables and their layer; and what would keep them from running. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { FUNCTION_VARIABLES } from '../../../shared/config/names.ts';
import { decideAccess } from '../iam/decide.ts';
import type { FunctionDefinition } from '../runtime/function-definition.ts';
import type { Stack, StackResource } from '../template/read-stack.ts';
import { TemplateFault } from '../template/template-fault.ts';
import { layerFolder } from './layer-folder.ts';
import type { Roles } from './roles.ts';
import type { Assembly } from './synthesize.ts';

export type FunctionResource = StackResource<'AWS::Lambda::Function'>;

/** Bytes of all variables together, names included. */
const MOST_VARIABLES = 4_096;

export async function defineFunction(
  resource: FunctionResource,
  { stack, assembly, roles }: { readonly stack: Stack; readonly assembly: Assembly; readonly roles: Roles },
): Promise<FunctionDefinition> {
  const { logicalId, arn, properties } = resource;
  const { FunctionName, Code, Handler, MemorySize, Timeout, Environment, Layers, LoggingConfig } = properties;
  const variables = Environment?.Variables ?? {};
  const bytes = Object.entries(variables).reduce((sum, entry) => sum + Buffer.byteLength(entry.join('')), 0);
  if (bytes > MOST_VARIABLES) throw new TemplateFault(logicalId, `its variables have ${bytes} bytes, 4 KB at most`);
  const reserved = Object.keys(variables).find((name) => /^(AWS_|_HANDLER|LAMBDA_)/.test(name));
  if (reserved !== undefined) throw new TemplateFault(logicalId, `the variable ${reserved} is reserved`);
  const folder = assembly.assetPath(Code.S3Key);
  if (!existsSync(join(folder, 'index.mjs')) && !existsSync(folder))
    throw new TemplateFault(logicalId, 'it has no code');
  checkLog(resource, stack, roles);
  return {
    name: FunctionName.replace(`${stack.place.stack}-`, ''),
    functionName: FunctionName,
    arn,
    folder,
    handler: Handler,
    memoryMb: MemorySize,
    timeoutMs: Timeout * 1_000,
    variables: { ...variables, ...(await layerVariables(resource, stack, assembly, Layers)) },
    logGroup: LoggingConfig?.LogGroup ?? `/aws/lambda/${FunctionName}`,
    reservedConcurrency: properties.ReservedConcurrentExecutions,
  };
}

/** Nothing is mounted at /opt of this machine; the functions look where this variable says. */
async function layerVariables(
  { logicalId, properties }: FunctionResource,
  stack: Stack,
  assembly: Assembly,
  layers: readonly string[],
): Promise<Readonly<Record<string, string>>> {
  const [layerArn, ...more] = layers;
  if (layerArn === undefined) return {};
  if (more.length > 0) throw new TemplateFault(logicalId, 'more than one layer is not known here');
  const layer = stack.all('AWS::Lambda::LayerVersion').find(({ ref }) => ref === layerArn);
  if (layer === undefined) throw new TemplateFault(logicalId, `the layer ${layerArn} is not in the stack`);
  // What the layer holds are programs for x86_64.
  if (properties.Architectures[0] !== 'x86_64') throw new TemplateFault(logicalId, 'the layer is for x86_64 alone');
  return { [FUNCTION_VARIABLES.layerFolder]: await layerFolder(assembly.assetPath(layer.properties.Content.S3Key)) };
}

/** A function that may not write its log runs, and nobody ever learns what it did. */
function checkLog({ logicalId, properties }: FunctionResource, stack: Stack, roles: Roles): void {
  const principal = roles.principalOf(properties.Role);
  const group = stack.all('AWS::Logs::LogGroup').find(({ ref }) => ref === properties.LoggingConfig?.LogGroup);
  if (group === undefined) throw new TemplateFault(logicalId, 'its log group is not in the stack');
  for (const action of ['logs:CreateLogStream', 'logs:PutLogEvents']) {
    const resource = group.arn.replace(/\*$/, 'log-stream:x');
    const decision = decideAccess(principal, { action, resource, context: new Map() });
    if (!decision.allowed) throw new TemplateFault(logicalId, decision.why);
  }
}
