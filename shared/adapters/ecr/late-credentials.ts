import type { HttpCredentials } from '../http/http-client.ts';
import type { EcrHost } from './ecr-host.ts';

/** Returns credentials whose client is loaded when they are asked for: few fleets have charts in ECR. */
export function lateEcrCredentials(host: EcrHost, subject: string): HttpCredentials {
  let loaded: Promise<HttpCredentials> | undefined;
  return {
    authorization: async (request) => {
      loaded ??= load(host, subject);
      return (await loaded).authorization(request);
    },
  };
}

async function load(host: EcrHost, subject: string): Promise<HttpCredentials> {
  const [{ makeEcrClient }, { ecrCredentials }] = await Promise.all([
    import('./make-client.ts'),
    import('./ecr-credentials.ts'),
  ]);
  return ecrCredentials(makeEcrClient(host), subject);
}
