// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${...} are expressions of declarations, not of JavaScript
/** What is laid over a kustomization without touching its files: fields of kustomize's own, with its meaning. */
import * as z from 'zod';
import { templatable } from '../declaration-fields.ts';

const texts = z.record(z.string(), z.string());

const image = z.strictObject({
  name: z.string().min(1).describe('Image as the files name it, without tag'),
  newName: z.string().min(1).optional().describe('What it is called instead, without tag'),
  newTag: z.string().min(1).optional().describe('Tag instead of that in the files'),
  digest: templatable(/^sha256:[0-9a-f]{64}$/, 'expected "sha256:" and 64 hex digits')
    .optional()
    .describe('Digest instead of a tag'),
});

const replicas = z.strictObject({
  name: z.string().min(1).describe('Name of a Deployment, StatefulSet, ReplicaSet or ReplicationController'),
  count: z
    .union([z.int().min(0), templatable(/^[0-9]+$/, 'expected a number')])
    .describe('A number; "${cluster.parameters.X}" may stand for it'),
});

/** Which objects a patch is for; name, namespace and the parts of the kind are regular expressions. */
const patchTarget = z.strictObject({
  group: z.string().optional().describe('API group, a regular expression'),
  version: z.string().optional().describe('API version, a regular expression'),
  kind: z.string().optional().describe('Kind, a regular expression'),
  name: z.string().optional().describe('Name as the files have it, a regular expression'),
  namespace: z.string().optional().describe('Namespace as the files have it, a regular expression'),
  labelSelector: z.string().optional().describe('Labels that the object must have: app=web,tier!=test'),
  annotationSelector: z.string().optional().describe('Annotations that it must have, written as labelSelector'),
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
  replicas: z.array(replicas).optional().describe('Other numbers of replicas'),
  namePrefix: z.string().optional().describe('Before the name of every object, and wherever one names another'),
  nameSuffix: z.string().optional().describe('After the name of every object, and wherever one names another'),
  namespace: z.string().optional().describe('Namespace of every object, whatever the files say'),
  patches: z.array(patch).optional().describe('Patches of objects, in order'),
  components: z
    .array(z.string().min(1))
    .optional()
    .describe("Folders of components, relative to the application's path"),
  labels: z.array(labels).optional().describe('Labels for every object, and where else they go'),
  annotations: texts.optional().describe('Annotations that every object and every template of Pods gets'),
});

export type KustomizeSettings = z.infer<typeof kustomizeRendererSchema>;
