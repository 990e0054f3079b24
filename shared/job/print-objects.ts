import { jsonOf } from '../model/kube-json.ts';
import { refOf } from '../model/kube-object.ts';
import { formatRef } from '../model/object-ref.ts';
import { writeYaml } from '../render/yaml.ts';
import { maskObject } from '../report/mask.ts';
import type { RenderedCluster } from './render-fleet.ts';

/** Returns the objects as YAML documents, each under a comment that says where it comes from; Secrets are masked. */
export function printObjects(clusters: readonly RenderedCluster[], application: string | undefined): string {
  const documents = clusters.flatMap(({ cluster, applications }) =>
    applications
      .filter((one) => application === undefined || one.application.name === application)
      .flatMap((one) =>
        one.rendering.objects.map(({ object, source }) => {
          const place = source.line === undefined ? source.path : `${source.path}:${source.line}`;
          const heading = `# ${cluster.metadata.name} / ${one.application.name}: ${formatRef(refOf(object))}, ${place}`;
          return `${heading}\n${writeYaml(jsonOf(maskObject(object)))}`;
        }),
      ),
  );
  return documents.map((document) => `---\n${document}`).join('');
}
