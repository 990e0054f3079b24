/**
 * What an API server's refusal means for people. Matched by reason and field; texts only where the API gives nothing
 * else, and then loosely: they change between versions (reference: declarative validation, GA in v1.36).
 */
import type { ApiRefusal } from '../model/api-refusal.ts';
import { formatRef, type ObjectRef } from '../model/object-ref.ts';
import type { ErrorCode, Problem } from '../model/problem.ts';
import { immutableFieldOf, isNeverReplaced } from './immutable-field.ts';

interface Meaning {
  readonly code: ErrorCode;
  readonly wrong: string;
  readonly remedy: string;
}

const DENIED_REMEDY = 'change the object as the webhook or policy asks';

/** Returns the problem of one refused request about `ref`. */
export function problemOfRefusal(ref: ObjectRef, act: string, refusal: ApiRefusal): Problem {
  return { subject: formatRef(ref), act, ...meaningOf(ref, refusal) };
}

function meaningOf(ref: ObjectRef, refusal: ApiRefusal): Meaning {
  switch (refusal.status) {
    case 400:
      return meaningOfBadRequest(refusal);
    case 401:
      return { code: 'CredentialsExpired', wrong: textOf(refusal), remedy: 'renew the credentials of this cluster' };
    case 403:
      return meaningOfForbidden(ref, refusal);
    case 404:
      return meaningOfNotFound(ref, refusal);
    case 409:
      return { code: 'FieldConflict', wrong: textOf(refusal), remedy: 'the next run reads the object again' };
    case 413:
      return {
        code: 'ConfigInvalid',
        wrong: textOf(refusal),
        remedy: 'split it into several objects',
      };
    case 422:
      return meaningOfInvalid(ref, refusal);
    case 429:
      return { code: 'Throttled', wrong: textOf(refusal), remedy: '' };
    default:
      return isAdmission(refusal) || refusal.status < 500
        ? {
            code: 'AdmissionDenied',
            wrong: textOf(refusal),
            remedy: 'see that the webhook or policy that it names is at work',
          }
        : { code: 'ClusterUnreachable', wrong: `${refusal.status} ${textOf(refusal)}`, remedy: '' };
  }
}

function meaningOfBadRequest(refusal: ApiRefusal): Meaning {
  return isAdmission(refusal)
    ? { code: 'AdmissionDenied', wrong: textOf(refusal), remedy: DENIED_REMEDY }
    : {
        code: 'ConfigInvalid',
        wrong: textOf(refusal).replace(NAMES_OBJECT_AGAIN, ''),
        remedy: 'correct the object in the repository',
      };
}

/** Server-side apply of kube-apiserver 1.36 puts this before what is wrong with a built-in kind. */
const NAMES_OBJECT_AGAIN = /^failed to create typed patch object \([^)]*\): /;

function meaningOfForbidden(ref: ObjectRef, refusal: ApiRefusal): Meaning {
  const wrong = textOf(refusal);
  if (refusal.causes.some(({ reason }) => reason === 'NamespaceTerminating') || /being terminated/.test(wrong)) {
    return {
      code: 'NamespaceTerminating',
      wrong,
      remedy: `wait until namespace ${ref.namespace} is gone; it is made anew then`,
    };
  }
  if (/exceeded quota/.test(wrong))
    return { code: 'QuotaExceeded', wrong, remedy: 'ask for less, or raise the ResourceQuota' };
  if (isAdmission(refusal) || /violates PodSecurity/.test(wrong)) {
    return { code: 'AdmissionDenied', wrong, remedy: DENIED_REMEDY };
  }
  return { code: 'Forbidden', wrong, remedy: remedyOfForbidden(wrong) };
}

/** RBAC names who lacks the right; a ServiceAccount there is one that an application acts as (spec.serviceAccount). */
function remedyOfForbidden(wrong: string): string {
  if (/cannot impersonate resource/.test(wrong)) {
    return 'allow Plumbline to `impersonate` that ServiceAccount: `plumbline rbac` prints the rule';
  }
  const account = /User "system:serviceaccount:([^":]+):([^":]+)"/.exec(wrong);
  const who = account === null ? "Plumbline's role in this cluster" : `ServiceAccount ${account[1]}/${account[2]}`;
  return `give ${who} the right that is named: \`plumbline rbac\` prints it`;
}

function meaningOfNotFound(ref: ObjectRef, refusal: ApiRefusal): Meaning {
  return /namespaces? ".*" not found/.test(refusal.message)
    ? {
        code: 'ConfigInvalid',
        wrong: `namespace ${ref.namespace} does not exist`,
        remedy: 'declare it, or set createNamespace: true',
      }
    : {
        code: 'KindUnknown',
        wrong: `the cluster does not serve ${ref.kind} (group "${ref.group}")`,
        remedy: 'install its CRD first (dependsOn), or correct apiVersion and kind',
      };
}

function meaningOfInvalid(ref: ObjectRef, refusal: ApiRefusal): Meaning {
  // Validating policies answer 422 unless they say otherwise.
  if (isAdmission(refusal)) return { code: 'AdmissionDenied', wrong: textOf(refusal), remedy: DENIED_REMEDY };
  const fixed = immutableFieldOf(refusal);
  if (!fixed) return { code: 'ConfigInvalid', wrong: textOf(refusal), remedy: 'correct the object in the repository' };
  return {
    code: 'ImmutableField',
    wrong: `${fixed.field} cannot be changed once it is set: ${oneLine(fixed.detail)}`,
    remedy: isNeverReplaced(ref)
      ? 'keep its value; an object of this kind is never deleted to be made anew'
      : 'keep its value, or let the object be deleted and made anew: annotation `plumbline.dev/replace: "true"`',
  };
}

/** A webhook that does more than judge may refuse to be tried; kubernetes.io, "Dynamic admission control", side effects. */
export function isDryRunUnsupported({ status, message }: ApiRefusal): boolean {
  return status === 400 && message.includes('does not support dry run');
}

function isAdmission(refusal: ApiRefusal): boolean {
  return /admission webhook|ValidatingAdmissionPolicy|MutatingAdmissionPolicy|failed calling webhook|denied the request/.test(
    refusal.message,
  );
}

function textOf(refusal: ApiRefusal): string {
  return oneLine(refusal.message) || `${refusal.status} ${refusal.reason}`;
}

/** Admission controllers write tables and stack traces; a message stays one line of readable length. */
function oneLine(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > 400 ? `${line.slice(0, 399)}…` : line;
}
