/**
 * X-Ray. Its SDK takes longer to load than all of a worker, so it is loaded only for an invocation that is sampled, and
 * only where Lambda runs a daemon to send to. Services that we call see the trace anyway: AWS's clients hand it on.
 */
import { environmentVariables } from '../../shared/config/environment.ts';

export interface TracedWork {
  readonly name: string;
  readonly trace: string;
}

/** Returns what `work` returns; in a sampled invocation it is a segment that can be found by our own correlation id. */
export async function traced<T>({ name, trace }: TracedWork, work: () => Promise<T>): Promise<T> {
  if (!isSampled(environmentVariables())) return work();
  const { Tracer } = await import('@aws-lambda-powertools/tracer');
  const tracer = new Tracer({ serviceName: name, captureHTTPsRequests: false });
  const segment = tracer.getSegment()?.addNewSubsegment(name);
  segment?.addAnnotation('trace', trace);
  try {
    return await work();
  } catch (error) {
    // Without the error itself: it is in the log, and a message may say too much for an annotation.
    segment?.addFaultFlag();
    throw error;
  } finally {
    segment?.close();
  }
}

function isSampled(variables: Readonly<Record<string, string | undefined>>): boolean {
  const { AWS_XRAY_DAEMON_ADDRESS: daemon, _X_AMZN_TRACE_ID: header } = variables;
  return daemon !== undefined && (header?.includes('Sampled=1') ?? false);
}
