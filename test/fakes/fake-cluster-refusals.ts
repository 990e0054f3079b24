/** Refusals in the words of kube-apiserver 1.36. */
import type { ResourcePath } from '../../shared/job/ports.ts';
import type { ApiRefusal } from '../../shared/model/api-refusal.ts';
import { type FieldConflict, formatConflict } from './fake-cluster-apply.ts';

export interface Refused {
  readonly ok: false;
  readonly refusal: ApiRefusal;
}

export function refuse(status: number, reason: string, message: string, causes: ApiRefusal['causes'] = []): Refused {
  return { ok: false, refusal: { status, reason, message, causes } };
}

export function notFound({ kind }: ResourcePath, name: string): Refused {
  return refuse(404, 'NotFound', `${resourceName(kind)} "${name}" not found`);
}

export function ownedByOthers(conflicts: readonly FieldConflict[]): Refused {
  const causes = conflicts.map(formatConflict);
  const count = causes.length === 1 ? '1 conflict' : `${causes.length} conflicts`;
  const lines = causes.map(({ message, field }) => `${message}: ${field}`).join('\n');
  return refuse(409, 'Conflict', `Apply failed with ${count}: ${lines}`, causes);
}

export function preconditionFailed({ kind }: ResourcePath, name: string, precondition: string): Refused {
  return refuse(409, 'Conflict', `Operation cannot be fulfilled on ${resourceName(kind)} "${name}": ${precondition}`);
}

export function immutableField({ kind }: ResourcePath, name: string, field: string): Refused {
  const message = 'Invalid value: field is immutable';
  const subject = kind.group === '' ? kind.kind : `${kind.kind}.${kind.group}`;
  return refuse(422, 'Invalid', `${subject} "${name}" is invalid: ${field}: ${message}`, [
    { reason: 'FieldValueInvalid', message, field },
  ]);
}

export function unknownField(field: string): Refused {
  return refuse(400, 'BadRequest', `failed to create typed patch object: .${field}: field not declared in schema`);
}

export function terminatingNamespace({ kind }: ResourcePath, name: string, namespace: string): Refused {
  const what = `${resourceName(kind)} "${name}" is forbidden: unable to create new content in namespace ${namespace}`;
  return refuse(403, 'Forbidden', `${what} because it is being terminated`, [
    {
      reason: 'NamespaceTerminating',
      message: `namespace ${namespace} is being terminated`,
      field: 'metadata.namespace',
    },
  ]);
}

function resourceName({ group, resource }: ResourcePath['kind']): string {
  return group === '' ? resource : `${resource}.${group}`;
}
