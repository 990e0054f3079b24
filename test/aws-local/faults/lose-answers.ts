/** Answers that never arrive: AWS has done what it was asked for, and the connection breaks. */
import type { AwsLocal } from '../aws-local.ts';
import type { AwsRequest } from '../gateway/aws-request.ts';

export interface LostAnswers {
  /** Ends it; by caller, operation and kind of update. */
  stop(): { readonly hit: ReadonlySet<string>; readonly missed: ReadonlySet<string> };
}

/** Loses the first answer to each request of a service; the same request again is answered. */
export function loseEveryOtherAnswer(aws: AwsLocal, service: string): LostAnswers {
  const seen = new Set<string>();
  const hit = new Set<string>();
  const all = new Set<string>();
  const end = aws.gateway.faults.add({
    service,
    fault: 'lose-answer',
    only: (request, caller) => {
      const kind = kindOf(request, caller);
      all.add(kind);
      const id = idOf(request, caller);
      if (seen.has(id)) return false;
      seen.add(id);
      hit.add(kind);
      return true;
    },
  });
  return {
    stop: () => {
      end();
      return { hit, missed: all.difference(hit) };
    },
  };
}

function kindOf({ operation, parameters }: AwsRequest, caller: string): string {
  return [caller, operation, parameters.UpdateExpression, parameters.ConditionExpression].filter(Boolean).join(' ');
}

/** A request that the SDK sends again says the same; when it was sent is not part of that. */
function idOf({ operation, url, body, headers }: AwsRequest, caller: string): string {
  const id = headers['amz-sdk-invocation-id'];
  return id === undefined ? `${caller} ${operation} ${url.pathname} ${body.toString('base64')}` : String(id);
}
