/** Conditions of IAM statements: the operators and keys that our policies use; any other is a fault, never a guess. */
import { TemplateFault } from '../template/template-fault.ts';
import { matchesWildcard } from './match-wildcard.ts';
import type { Condition } from './policy-document.ts';

/** Condition keys with their values; a key that is not in the request is not in here. */
export type RequestContext = ReadonlyMap<string, readonly string[]>;

const KNOWN_KEYS = [
  /^aws:(SourceArn|SourceAccount|SecureTransport|PrincipalArn|PrincipalAccount|PrincipalServiceName|ResourceAccount)$/i,
  /^aws:PrincipalIsAWSService$/i,
  /^dynamodb:(LeadingKeys|Attributes|Select)$/i,
  /^events:(source|detail-type)$/i,
  /^kms:(EncryptionContext:.+|EncryptionContextKeys|ViaService|CallerAccount|GrantIsForAWSResource)$/i,
  /^lambda:(FunctionUrlAuthType|InvokedViaFunctionUrl|FunctionArn|SourceFunctionArn)$/i,
  /^s3:(prefix|TlsVersion)$/i,
  /^sts:(ExternalId|RoleSessionName)$/i,
];

/** Hold as many values as a request has keys, attributes or entries: IAM compares them by a set operator alone. */
const MULTIVALUED = /^(dynamodb:(LeadingKeys|Attributes)|events:source|kms:EncryptionContextKeys)$/i;

type Compare = (actual: string, expected: string) => boolean;

const COMPARISONS: Readonly<Record<string, Compare>> = {
  StringEquals: (actual, expected) => actual === expected,
  StringEqualsIgnoreCase: (actual, expected) => actual.toLowerCase() === expected.toLowerCase(),
  StringLike: matchesWildcard,
  ArnEquals: matchesWildcard,
  ArnLike: matchesWildcard,
  Bool: (actual, expected) => actual.toLowerCase() === expected.toLowerCase(),
  NumericLessThan: (actual, expected) => Number(actual) < Number(expected),
  NumericLessThanEquals: (actual, expected) => Number(actual) <= Number(expected),
};
const NEGATIONS: Readonly<Record<string, string>> = {
  StringNotEquals: 'StringEquals',
  StringNotLike: 'StringLike',
  ArnNotEquals: 'ArnEquals',
  ArnNotLike: 'ArnLike',
};

/** Returns whether one condition holds. Source: IAM User Guide, "Condition operators" and "multivalued context keys". */
export function conditionHolds({ operator, key, values }: Condition, context: RequestContext, place: string): boolean {
  if (!KNOWN_KEYS.some((known) => known.test(key))) {
    throw new TemplateFault(place, `the condition key ${key} is not known here`);
  }
  const actual = valuesOf(context, key);
  if (operator === 'Null') return (actual === undefined) === (values[0] === 'true');
  const { quantifier, name, ifExists } = partsOf(operator);
  if (quantifier === '' && MULTIVALUED.test(key)) {
    throw new TemplateFault(place, `${key} holds several values, so ${operator} needs ForAllValues: or ForAnyValue:`);
  }
  const positive = NEGATIONS[name] ?? name;
  const compare = COMPARISONS[positive];
  if (compare === undefined) throw new TemplateFault(place, `the condition operator ${operator} is not known here`);
  const isNegated = positive !== name;
  const passes = (one: string) => values.some((expected) => compare(one, expected)) !== isNegated;
  if (actual === undefined || actual.length === 0)
    return quantifier === 'ForAllValues' || ifExists || (isNegated && quantifier === '');
  return quantifier === 'ForAnyValue' ? actual.some(passes) : actual.every(passes);
}

function partsOf(operator: string) {
  const [quantifier, bare] = operator.includes(':') ? operator.split(':') : ['', operator];
  const ifExists = bare?.endsWith('IfExists') === true;
  return { quantifier, name: (bare ?? '').replace(/IfExists$/, ''), ifExists };
}

/** Keys are compared without regard to case, but for the part behind the second colon. */
function valuesOf(context: RequestContext, key: string): readonly string[] | undefined {
  const exact = context.get(key);
  if (exact !== undefined) return exact;
  const found = [...context].find(([name]) => name.toLowerCase() === key.toLowerCase());
  return found?.[1];
}
