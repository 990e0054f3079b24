/** An admission webhook of a test's own: the API server really calls it, over TLS, for the objects of one namespace. */
import { createServer } from 'node:https';
import type { Json, JsonObject } from '../../../shared/model/json.ts';
import type { KubeObject } from '../../../shared/model/kube-object.ts';
import { issueCertificate } from '../../controlplane/assets/certificate.ts';

export type Verdict =
  | 'allow'
  | { readonly deny: string }
  /** JSON patch. */
  | { readonly mutate: readonly JsonObject[] }
  /** Until the API server gives up. */
  | 'silence';

export interface AdmissionWebhook {
  /** To be created in the cluster. */
  readonly configuration: KubeObject;
  /** Calls so far. */
  readonly calls: number;
  judge(verdictOn: (name: string) => Verdict): void;
  stop(): Promise<void>;
}

/** Starts a webhook that is asked about each ConfigMap that is to be written to `namespace`, and allows it. */
export async function startAdmissionWebhook(namespace: string): Promise<AdmissionWebhook> {
  const authority = issueCertificate({ commonName: `webhooks of ${namespace}` }, 'authority');
  const { certificate, key } = issueCertificate({ commonName: 'webhook' }, 'server', authority);
  let verdictOn: (name: string) => Verdict = () => 'allow';
  let calls = 0;
  const server = createServer({ cert: certificate, key }, async (request, response) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    const review = JSON.parse(text);
    calls += 1;
    const verdict = verdictOn(review.request.name);
    if (verdict === 'silence') return;
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ ...review, request: undefined, response: answerTo(review.request.uid, verdict) }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    configuration: configurationOf(namespace, `https://127.0.0.1:${address.port}`, authority.certificate),
    get calls() {
      return calls;
    },
    judge: (judge) => {
      verdictOn = judge;
    },
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function answerTo(uid: string, verdict: Exclude<Verdict, 'silence'>): JsonObject {
  if (verdict === 'allow') return { uid, allowed: true };
  if ('deny' in verdict) return { uid, allowed: false, status: { message: verdict.deny, code: 403 } };
  const patch = Buffer.from(JSON.stringify(verdict.mutate)).toString('base64');
  return { uid, allowed: true, patchType: 'JSONPatch', patch };
}

function configurationOf(namespace: string, url: string, certificateAuthority: string): KubeObject {
  const webhook: Json = {
    name: 'judge.difficult.test',
    admissionReviewVersions: ['v1'],
    sideEffects: 'None',
    failurePolicy: 'Fail',
    timeoutSeconds: 1,
    clientConfig: { url, caBundle: Buffer.from(certificateAuthority).toString('base64') },
    namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } },
    rules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE', 'UPDATE'], resources: ['configmaps'] }],
  };
  return {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'MutatingWebhookConfiguration',
    metadata: { name: `difficult-${namespace}` },
    webhooks: [webhook],
  };
}
