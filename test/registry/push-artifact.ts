/** Pushes artifacts to a registry, as any client of the distribution API does. */
import { createHash } from 'node:crypto';

export interface Artifact {
  readonly repository: string;
  readonly tag: string;
  readonly configType?: string;
  readonly layers: readonly { readonly mediaType: string; readonly content: Uint8Array }[];
  readonly annotations?: Readonly<Record<string, string>>;
}

export interface PushTarget {
  /** `127.0.0.1:port` */
  readonly host: string;
  readonly authorization?: string;
}

/** Returns the digest of the manifest (hex). */
export async function pushArtifact(target: PushTarget, artifact: Artifact): Promise<string> {
  const config = new TextEncoder().encode('{}');
  const blobs = [{ mediaType: artifact.configType ?? 'application/vnd.oci.empty.v1+json', content: config }];
  for (const { content } of [...blobs, ...artifact.layers]) await pushBlob(target, artifact.repository, content);
  const [described] = blobs.map(describe);
  const manifest = {
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    config: described,
    layers: artifact.layers.map(describe),
    annotations: artifact.annotations ?? {},
  };
  return pushManifest(target, artifact, manifest);
}

/** Returns the digest (hex) of a manifest or index. */
export async function pushManifest(
  target: PushTarget,
  { repository, tag }: Pick<Artifact, 'repository' | 'tag'>,
  manifest: { readonly mediaType: string },
): Promise<string> {
  const body = JSON.stringify(manifest);
  const url = `http://${target.host}/v2/${repository}/manifests/${tag}`;
  await send(target, url, { method: 'PUT', body, headers: { 'content-type': manifest.mediaType } });
  return createHash('sha256').update(body).digest('hex');
}

export function describe({ mediaType, content }: { readonly mediaType: string; readonly content: Uint8Array }) {
  return { mediaType, size: content.length, digest: digestOf(content) };
}

async function pushBlob(target: PushTarget, repository: string, content: Uint8Array): Promise<void> {
  const start = await send(target, `http://${target.host}/v2/${repository}/blobs/uploads/`, { method: 'POST' });
  const place = new URL(start.headers.get('location') ?? '', `http://${target.host}`);
  place.searchParams.set('digest', digestOf(content));
  const headers = { 'content-type': 'application/octet-stream' };
  await send(target, place.href, { method: 'PUT', body: Buffer.from(content), headers });
}

function digestOf(content: Uint8Array): string {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`;
}

async function send({ authorization }: PushTarget, url: string, init: RequestInit): Promise<Response> {
  const headers = new Headers(init.headers);
  if (authorization !== undefined) headers.set('authorization', authorization);
  const answer = await fetch(url, { ...init, headers });
  if (!answer.ok) throw new Error(`${init.method} ${url}: ${answer.status} ${await answer.text()}`);
  return answer;
}
