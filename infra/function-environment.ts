import { FUNCTION_VARIABLES } from '../shared/config/names.ts';

type Variable = keyof typeof FUNCTION_VARIABLES;

/** Returns the environment of a function: the variables under the names that the functions read them by. */
export function environmentOf(variables: Readonly<Partial<Record<Variable, string>>>): Record<string, string> {
  return {
    // Stack traces in logs name our own lines.
    NODE_OPTIONS: '--enable-source-maps',
    ...Object.fromEntries(
      Object.entries(FUNCTION_VARIABLES).flatMap(([variable, name]) => {
        const value = Object.entries(variables).find(([key]) => key === variable)?.[1];
        return value === undefined ? [] : [[name, value]];
      }),
    ),
  };
}

/** Of names and values together; Lambda refuses a function with more. */
const ENVIRONMENT_LIMIT_BYTES = 4_096;
/** An address or ARN that only the deployment knows: a queue's URL is the longest of ours. */
const UNKNOWN_BYTES = 120;

/**
 * Says at synth what Lambda would say in the middle of a deployment. `resolved`: variables as they stand in the template.
 *
 * @throws {Error} when they are more than a function may have.
 */
export function checkEnvironmentSize(functionName: string, resolved: Readonly<Record<string, unknown>>): void {
  const bytes = Object.entries(resolved).reduce((sum, [name, value]) => sum + name.length + bytesOf(value), 0);
  if (bytes <= ENVIRONMENT_LIMIT_BYTES) return;
  throw new Error(
    `plumbline.config.ts: make the environment of ${functionName}: it has about ${bytes} bytes, Lambda takes ${ENVIRONMENT_LIMIT_BYTES}; name fewer networks, gitSecrets or webhooks.senders, or give them shorter names`,
  );
}

/** Of a text, or of an expression: `Ref`, `Fn::GetAtt`, or `Fn::Join` of several. */
function bytesOf(value: unknown): number {
  if (typeof value === 'string') return Buffer.byteLength(value);
  if (typeof value !== 'object' || value === null || !('Fn::Join' in value)) return UNKNOWN_BYTES;
  const { 'Fn::Join': join } = value;
  const parts: unknown = Array.isArray(join) ? join[1] : undefined;
  return Array.isArray(parts) ? parts.reduce<number>((sum, part) => sum + bytesOf(part), 0) : UNKNOWN_BYTES;
}
