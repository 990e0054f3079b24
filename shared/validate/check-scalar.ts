/** Texts, numbers and what is both, as the decoder of the API server takes them. */
import type { Json } from '../model/json.ts';
import type { ObjectSchema } from '../model/object-schema.ts';
import type { DescribeValue, Fault, FieldPath } from './fault.ts';
import { formatFault } from './formats.ts';
import { isQuantity } from './quantity.ts';

const INT32 = 2n ** 31n;
const INT64 = 2n ** 63n;

interface ScalarContext {
  readonly custom: boolean;
  readonly shapeOnly: boolean;
  readonly describe: DescribeValue;
}

/** Returns at most one fault. */
export function checkScalar(
  value: Json,
  schema: ObjectSchema,
  context: ScalarContext,
  path: FieldPath,
): readonly Fault[] {
  const complaint = complaintAbout(value, schema, context);
  if (complaint === undefined) return [];
  const { expected, remedy, rule = 'wrong-type' } = complaint;
  return [{ rule, path, wrong: `${expected} is expected, ${context.describe(value, path)} stands there`, remedy }];
}

type Custom = Pick<ScalarContext, 'custom'>;

interface Complaint {
  readonly rule?: 'wrong-format' | 'cut-number';
  readonly expected: string;
  readonly remedy: string;
}

function complaintAbout(value: Json, schema: ObjectSchema, context: ScalarContext): Complaint | undefined {
  if (schema.format === 'quantity') return complaintAboutQuantity(value);
  if (schema.format === 'int-or-string') return complaintAboutIntOrString(value, context);
  switch (schema.type) {
    case 'string':
      return complaintAboutText(value, schema, context);
    case 'boolean':
      if (typeof value === 'boolean') return undefined;
      return {
        expected: 'true or false',
        remedy: isWordOf(value, ['true', 'false']) ? UNQUOTE : 'write true or false',
      };
    case 'integer':
      return complaintAboutInteger(value, schema, context);
    case 'number':
      if (typeof value === 'number' || typeof value === 'bigint') return undefined;
      return { expected: 'a number', remedy: isNumberText(value) ? UNQUOTE : 'write a number' };
    default:
      return undefined;
  }
}

const UNQUOTE = 'take the quotes away';

function isWordOf(value: Json, words: readonly string[]): boolean {
  return typeof value === 'string' && words.includes(value);
}

function isNumberText(value: Json): boolean {
  return typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value);
}

function complaintAboutText(value: Json, schema: ObjectSchema, context: ScalarContext): Complaint | undefined {
  if (typeof value !== 'string') {
    const remedy = typeof value === 'object' ? 'write a text' : `put it in quotes: "${value}"`;
    return { expected: 'a text', remedy };
  }
  if (schema.format === undefined || (context.custom && context.shapeOnly)) return undefined;
  const fault = formatFault(value, schema.format, context);
  return fault && { rule: 'wrong-format', ...fault };
}

function complaintAboutInteger(value: Json, { format }: ObjectSchema, { custom }: Custom): Complaint | undefined {
  const isWhole = typeof value === 'bigint' || (typeof value === 'number' && Number.isInteger(value));
  if (!isWhole) return { expected: 'a whole number', remedy: isNumberText(value) ? UNQUOTE : 'write a whole number' };
  const limit = format === 'int32' && !custom ? INT32 : INT64;
  const whole = BigInt(value);
  if (whole >= -limit && whole < limit) return undefined;
  return {
    rule: limit === INT32 ? 'cut-number' : 'wrong-format',
    expected: `a number from ${-limit} to ${limit - 1n}`,
    // Found by asking: server-side apply keeps the lower 32 bits, and says nothing.
    remedy: limit === INT32 ? `write one; the server would make ${BigInt.asIntN(32, whole)} of it` : 'write one',
  };
}

function complaintAboutQuantity(value: Json): Complaint | undefined {
  if (typeof value === 'number' || typeof value === 'bigint') return undefined;
  if (typeof value !== 'string') return { expected: 'a quantity', remedy: 'write one, such as 500m or 128Mi' };
  if (isQuantity(value)) return undefined;
  return {
    rule: 'wrong-format',
    expected: 'a quantity',
    remedy: 'write a number with one of m, k, M, G, T, Ki, Mi, Gi, Ti',
  };
}

function complaintAboutIntOrString(value: Json, { custom }: Custom): Complaint | undefined {
  if (typeof value === 'string') return undefined;
  const complaint = complaintAboutInteger(value, custom ? {} : { format: 'int32' }, { custom });
  if (complaint === undefined) return undefined;
  if (complaint.rule === undefined) return { ...complaint, expected: 'a whole number or a text' };
  return { ...complaint, rule: 'wrong-format', remedy: 'write one' };
}
