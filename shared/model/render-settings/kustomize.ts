// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${...} are expressions of declarations, not of JavaScript
/** What is laid over a kustomization without touching its files: fields of kustomize's own, with its meaning. */
import * as z from 'zod';
import { templatable } from '../declaration-fields.ts';

const texts = z.record(z.string(), z.string());

const image = z.strictObject({
  name: z.string().min(1).describe('Image as the files name it, without tag'),
  newName: z.string().min(1).optional(),
  newTag: z.string().min(1).optional(),
  digest: templatable(/^sha256:[0-9a-f]{64}$/, 'expected "sha256:" and 64 hex digits').optional(),
});

const replicas = z.strictObject({
  name: z.string().min(1).describe('Name of a Deployment, StatefulSet, ReplicaSet or ReplicationController'),
  count: z
    .union([z.int().min(0), templatable(/^[0-9]+$/, 'expected a number')])
    .describe('A number; "${cluster.parameters.X}" may stand for it'),
});

/** Which objects a patch is for; name, namespace and the parts of the kind are regular expressions. */
const patchTarget = z.strictObject({
  group: z.string().optional(),
  version: z.string().optional(),
  kind: z.string().optional(),
  name: z.string().optional(),
  namespace: z.string().optional(),
  labelSelector: z.string().optional().describe('app=web,tier!=test'),
  annotationSelector: z.string().optional(),
});

const patch = z.strictObject({
  patch: z.string().min(1).describe('YAML: a strategic merge patch, or the operations of a JSON patch (RFC 6902)'),
  target: patchTarget.optional().describe('Objects to patch. Default: the one that a merge patch names'),
});

const labels = z.strictObject({
  pairs: texts.describe('Labels that every object gets'),
  includeSelectors: z.boolean().optional().describe('In selectors too, and so in templates. Default: false'),
  includeTemplates: z.boolean().optional().describe('In templates of Pods too. Default: false'),
});

export const kustomizeRendererSchema = z.strictObject({
  images: z.array(image).optional().describe('Other names, tags or digests of images'),
  replicas: z.array(replicas).optional(),
  namePrefix: z.string().optional().describe('Before the name of every object, and wherever one names another'),
  nameSuffix: z.string().optional(),
  namespace: z.string().optional().describe('Namespace of every object, whatever the files say'),
  patches: z.array(patch).optional(),
  components: z
    .array(z.string().min(1))
    .optional()
    .describe("Folders of components, relative to the application's path"),
  labels: z.array(labels).optional(),
  annotations: texts.optional().describe('Annotations that every object and every template of Pods gets'),
});

export type KustomizeSettings = z.infer<typeof kustomizeRendererSchema>;
