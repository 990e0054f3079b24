// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${...} are expressions of declarations, not of JavaScript
/** Shapes of fields that several declarations have. */
import * as z from 'zod';
import { isJsonObject } from './json.ts';

const NAME = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;
export const DEPENDENCY = /^([a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?\/)?[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;
const NAME_MESSAGE = 'expected at most 63 lower-case letters, digits and "-"';
export const dnsName = z.string().regex(NAME, NAME_MESSAGE);

/**
 * A text of this pattern, or one with `${...}` in it: what comes of it is checked again once a cluster is known
 * (render/substitute.ts). Enumerations, booleans and the selector cannot hold `${...}`.
 */
export function templatable(pattern: RegExp, message: string): z.ZodString {
  return z.string().regex(new RegExp(`${pattern.source}|\\$\\{`), message);
}

export const templatableName = templatable(NAME, NAME_MESSAGE);

/**
 * Adds the rule that exactly one of the fields `members` is given. It is checked even where other fields are wrong, so
 * that all is said at once, and it stands in the JSON Schema for editors.
 */
export function exactlyOneOf<Schema extends z.ZodType>(schema: Schema, members: readonly string[]): Schema {
  const names = members.map((member) => `"${member}"`).join(', ');
  return schema
    .refine((value) => !isJsonObject(value) || members.filter((member) => value[member] !== undefined).length === 1, {
      error: `expected exactly one of ${names}`,
      when: () => true,
      params: { remedy: `give one of ${names} and no other of them` },
    })
    .meta({ oneOf: members.map((member) => ({ required: [member] })) });
}

/** Adds the rule that no two of the fields `members` are given, as `exactlyOneOf` does its own. */
export function atMostOneOf<Schema extends z.ZodType>(schema: Schema, members: readonly string[]): Schema {
  const names = members.map((member) => `"${member}"`).join(', ');
  const pairs = members.flatMap((one, at) => members.slice(at + 1).map((other) => ({ required: [one, other] })));
  return schema
    .refine((value) => !isJsonObject(value) || members.filter((member) => value[member] !== undefined).length <= 1, {
      error: `expected one of ${names} at most`,
      when: () => true,
      params: { remedy: `keep one of ${names}` },
    })
    .meta({ not: { anyOf: pairs } });
}

export const labelSelectorRequirement = z.strictObject({
  key: z.string().min(1).describe('Key of the label'),
  operator: z
    .enum(['In', 'NotIn', 'Exists', 'DoesNotExist'])
    .describe('As in selectors of Kubernetes: NotIn also selects what does not have the label'),
  values: z.array(z.string()).default([]).describe('For In and NotIn'),
});
