/** SelfSubjectAccessReview (authorization.k8s.io/v1): what is asked, and what is answered. */
import type { Access } from '../../job/ports.ts';
import { isJsonObject, type Json } from '../../model/json.ts';

/** Returns the review as it is posted. Of a subresource (`pods/log`) the API wants both halves apart. */
export function formatAccessReview({ verb, group, resource: path, namespace, name }: Access): string {
  const [resource, subresource] = path.split('/');
  return JSON.stringify({
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SelfSubjectAccessReview',
    spec: {
      resourceAttributes: {
        ...{ verb, group, resource, namespace },
        ...(subresource !== undefined && { subresource }),
        ...(name !== undefined && { name }),
      },
    },
  });
}

/** Returns whether it is allowed; undefined: that is no review. */
export function readAccessReview(body: Json): boolean | undefined {
  const status = isJsonObject(body) ? body.status : undefined;
  const allowed = isJsonObject(status) ? status.allowed : undefined;
  return typeof allowed === 'boolean' ? allowed : undefined;
}
