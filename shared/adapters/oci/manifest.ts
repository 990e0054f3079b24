/** Manifests and indexes: OCI image spec 1.1, and Docker's own of which OCI's were made. */
import * as z from 'zod';

export const MANIFEST_TYPES = [
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
] as const;

const descriptorSchema = z.object({
  mediaType: z.string(),
  digest: z.string().regex(/^sha256:[0-9a-f]{64}$/),
  size: z.number().int().nonnegative(),
});
const annotationsSchema = z.record(z.string(), z.string()).default({});
const manifestSchema = z.object({
  config: descriptorSchema,
  layers: z.array(descriptorSchema).max(1_000),
  annotations: annotationsSchema,
});
const indexSchema = z.object({ manifests: z.array(descriptorSchema).max(1_000) });

export type Descriptor = z.infer<typeof descriptorSchema>;
export type Manifest = z.infer<typeof manifestSchema>;
export type ManifestOrIndex =
  | { readonly kind: 'manifest'; readonly manifest: Manifest }
  | { readonly kind: 'index'; readonly manifests: readonly Descriptor[] };

/** Undefined: it is neither. */
export function parseManifest(body: Uint8Array): ManifestOrIndex | undefined {
  const json = parseJson(body);
  const manifest = manifestSchema.safeParse(json);
  if (manifest.success) return { kind: 'manifest', manifest: manifest.data };
  const index = indexSchema.safeParse(json);
  return index.success ? { kind: 'index', manifests: index.data.manifests } : undefined;
}

function parseJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(body));
  } catch {
    return undefined;
  }
}
