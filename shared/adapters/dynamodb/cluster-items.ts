/** Clusters' items: the status without the long texts of its facts and endpoint, which are kept by digest. */

import { isJsonObject } from '../../model/json.ts';
import { parseJson, stringifyJson } from '../../model/json-text.ts';
import type { ClusterItem, ClusterStatus } from '../../model/status.ts';
import { clusterStatusSchema } from '../../model/stored-status.ts';
import { type Item, pack, packedAt, textAt, type Value } from './attributes.ts';
import { CLUSTER_PREFIX } from './item-keys.ts';
import type { LongTexts } from './long-texts.ts';
import { shortCluster } from './short-texts.ts';
import { askedOf, desiredOf, workOf } from './work-attributes.ts';

/** Attributes with the digests of long texts. */
const APIS = 'apiVersions';
const AUTHORITY = 'certificateAuthority';

export class ClusterItems {
  readonly #texts: LongTexts;

  constructor(texts: LongTexts) {
    this.#texts = texts;
  }

  /** Returns the attributes that hold `status`; its long texts are stored when this resolves. */
  async attributesOf(fleet: string, status: ClusterStatus): Promise<Readonly<Record<string, Value>>> {
    const { facts, endpoint, ...rest } = shortCluster(status);
    const stored = {
      ...rest,
      ...(facts && { facts: { ...facts, apiVersions: [] } }),
      ...(endpoint && { endpoint: { ...endpoint, certificateAuthority: '' } }),
    };
    return {
      status: pack(stringifyJson(stored)),
      ...(facts && { [APIS]: await this.#texts.keep(fleet, stringifyJson(facts.apiVersions)) }),
      ...(endpoint && { [AUTHORITY]: await this.#texts.keep(fleet, endpoint.certificateAuthority) }),
    };
  }

  /** Names of the attributes that `attributesOf` may leave away. */
  static readonly optional: readonly string[] = [APIS, AUTHORITY];

  async read(
    fleet: string,
    items: readonly Item[],
    options: { readonly endpoints: boolean },
  ): Promise<readonly ClusterItem[]> {
    const wanted = options.endpoints ? [APIS, AUTHORITY] : [APIS];
    const digests = items.flatMap((item) => wanted.flatMap((name) => textAt(item, name) ?? []));
    const texts = await this.#texts.read(fleet, digests);
    return items.map((item) => clusterItemOf(item, texts));
  }
}

function clusterItemOf(item: Item, texts: ReadonlyMap<string, string>): ClusterItem {
  const desired = desiredOf(item);
  const status = statusOf(item, texts);
  const asked = askedOf(item);
  return {
    cluster: (textAt(item, 'sk') ?? '').slice(CLUSTER_PREFIX.length),
    work: workOf(item),
    ...(desired && { desired }),
    ...(status && { status }),
    ...(asked.length > 0 && { asked }),
  };
}

function statusOf(item: Item, texts: ReadonlyMap<string, string>): ClusterStatus | undefined {
  const text = packedAt(item, 'status');
  if (text === undefined) return undefined;
  const stored = parseJson(text);
  if (!isJsonObject(stored)) return clusterStatusSchema.parse(stored);
  const { facts, endpoint, ...rest } = stored;
  const apiVersions = texts.get(textAt(item, APIS) ?? '');
  const certificateAuthority = texts.get(textAt(item, AUTHORITY) ?? '');
  return clusterStatusSchema.parse({
    ...rest,
    ...(apiVersions !== undefined &&
      isJsonObject(facts) && { facts: { ...facts, apiVersions: parseJson(apiVersions) } }),
    ...(certificateAuthority !== undefined &&
      isJsonObject(endpoint) && { endpoint: { ...endpoint, certificateAuthority } }),
  });
}
