/** Charts in a registry: one repository a chart, its versions as tags with `_` for `+` (Helm, HIP-0006). */
import { PlumblineError } from '../../errors.ts';
import type { ChartRepository, FoundChart } from '../../job/chart-port.ts';
import { highestInRange, isVersion, newestVersions } from '../../model/version-range.ts';
import { CHART_LIMITS } from '../archives/archive-limits.ts';
import type { Manifest } from './manifest.ts';
import { below } from './oci-address.ts';
import { type FoundManifest, OciClient, type OciPlace } from './oci-client.ts';

const CONFIG = 'application/vnd.cncf.helm.config.v1+json';
const CONTENT = 'application/vnd.cncf.helm.chart.content.v1.tar+gzip';
const SHOWN_VERSIONS = 10;

export class OciCharts implements ChartRepository {
  readonly #place: OciPlace;
  readonly #clients = new Map<string, OciClient>();

  constructor(place: OciPlace) {
    this.#place = place;
  }

  async find(name: string, range: string): Promise<FoundChart> {
    const client = this.#client(name);
    const exact = isVersion(range) ? await client.manifest(tagOf(range)) : undefined;
    if (exact !== undefined) return this.#found(client, range, exact);
    const versions = (await client.tags()).map(versionOf);
    const version = highestInRange(range, versions);
    const manifest = version === undefined ? undefined : await client.manifest(tagOf(version));
    if (version !== undefined && manifest !== undefined) return this.#found(client, version, manifest);
    const there = newestVersions(versions).slice(0, SHOWN_VERSIONS).join(', ');
    const wrong = `no version is ${JSON.stringify(range)} or lies in it; the newest are ${there || 'none at all'}`;
    throw wrongWith(client, range, { wrong, remedy: 'name a version that is there, or wait until it is pushed' });
  }

  #found(client: OciClient, version: string, { manifest }: FoundManifest): FoundChart {
    const layer = contentOf(client, version, manifest);
    const digest = layer.digest.slice('sha256:'.length);
    return { version, digest, fetch: () => client.blob(layer.digest, CHART_LIMITS.packedBytes) };
  }

  #client(name: string): OciClient {
    const client =
      this.#clients.get(name) ?? new OciClient({ ...this.#place, address: below(this.#place.address, name) });
    this.#clients.set(name, client);
    return client;
  }
}

function contentOf(client: OciClient, version: string, { config, layers }: Manifest) {
  const layer = layers.find(({ mediaType }) => mediaType === CONTENT);
  if (config.mediaType === CONFIG && layer !== undefined) return layer;
  const wrong = `it is no Helm chart but ${JSON.stringify(config.mediaType.slice(0, 100))}`;
  throw wrongWith(client, version, { wrong, remedy: 'push it with "helm push", or name what is a chart' });
}

function tagOf(version: string): string {
  return version.replaceAll('+', '_');
}

function versionOf(tag: string): string {
  return tag.replaceAll('_', '+');
}

function wrongWith(
  { address }: OciClient,
  version: string,
  { wrong, remedy }: { readonly wrong: string; readonly remedy: string },
): PlumblineError {
  const act = `find version ${JSON.stringify(version)}`;
  return new PlumblineError([{ code: 'SourceNotFound', subject: address.href, act, wrong, remedy }]);
}
