/** An HTTP chart repository: an index, and archives beside it or elsewhere. */
import { createHash } from 'node:crypto';
import { PlumblineError } from '../../errors.ts';
import type { ChartRepository, FoundChart } from '../../job/chart-port.ts';
import { highestInRange, newestVersions } from '../../model/version-range.ts';
import { CHART_LIMITS } from '../archives/archive-limits.ts';
import { HttpClient, type HttpCredentials, NO_CREDENTIALS } from '../http/http-client.ts';
import type { HttpAnswer } from '../http/http-exchange.ts';
import { faultOfStatus, type HttpAct, notFound } from '../http/http-fault.ts';
import { type HttpLimits, MIB } from '../http/http-limits.ts';
import { wrongWithTurn } from '../http/spoken-address.ts';
import { type ChartIndex, type IndexedChart, parseIndex } from './listed-charts.ts';

export interface ChartPlace {
  /** Of the folder that `index.yaml` is in. */
  readonly url: string;
  readonly credentials?: HttpCredentials | undefined;
  /** Send the credentials to whatever host the index names for an archive. Default: to the repository's own alone. */
  readonly passCredentials?: boolean | undefined;
  /** Certificates in PEM. */
  readonly ca?: string | undefined;
  readonly limits?: Partial<HttpLimits> | undefined;
}

/** As Flux has it. */
const INDEX_BYTES = 50 * MIB;
const SHOWN_VERSIONS = 10;

interface KnownIndex {
  readonly charts: ChartIndex;
  /** What the server calls this state of it. */
  readonly validators: Readonly<Record<string, string>>;
}

interface Asking {
  readonly url: URL;
  readonly act: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly maxBytes: number;
}

export class HttpChartRepository implements ChartRepository {
  readonly #http: HttpClient;
  readonly #base: URL;
  readonly #credentials: HttpCredentials;
  readonly #passCredentials: boolean;
  #index: KnownIndex | undefined;
  #reading: Promise<ChartIndex> | undefined;

  /** @throws {ConfigInvalid} */
  constructor({ url, credentials = NO_CREDENTIALS, passCredentials = false, ca, limits }: ChartPlace) {
    this.#base = parseBase(url);
    this.#http = new HttpClient({ subject: this.#base.href.replace(/\/$/, ''), ca, limits });
    this.#credentials = credentials;
    this.#passCredentials = passCredentials;
  }

  async find(name: string, range: string): Promise<FoundChart> {
    const act = `find chart ${name} ${JSON.stringify(range)}`;
    const versions = (await this.#readIndex()).get(name);
    if (versions === undefined) throw this.#missing(act, `the index has no chart ${JSON.stringify(name)}`);
    const wanted = versions.find(({ version }) => version === range) ?? highest(range, versions);
    if (wanted !== undefined) {
      const { version, digest } = wanted;
      return { version, digest, fetch: () => this.#download(name, wanted) };
    }
    const there = newestVersions(versions.map(({ version }) => version)).slice(0, SHOWN_VERSIONS);
    throw this.#missing(act, `no version is it or lies in it; the newest are ${there.join(', ') || 'none at all'}`);
  }

  /** Asked for anew each time, which costs little while it has not changed; who asks at once shares the answer. */
  #readIndex(): Promise<ChartIndex> {
    this.#reading ??= this.#fetchIndex().finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  async #fetchIndex(): Promise<ChartIndex> {
    const act = 'read index.yaml';
    const known = this.#index;
    const url = new URL('index.yaml', this.#base);
    const answer = await this.#get({ url, act, headers: known?.validators ?? {}, maxBytes: INDEX_BYTES });
    if (answer.status === 304 && known !== undefined) return known.charts;
    if (answer.status !== 200) throw faultOfStatus(answer.status, this.#at(act), await this.#hasCredentials(url));
    const charts = parseIndex(new TextDecoder().decode(answer.body));
    if (charts === undefined) {
      const remedy =
        'give the address that "helm repo add" takes; a page to log in on means that credentials are missing';
      throw notFound(this.#at(act), 'what is there is no index of charts', remedy);
    }
    this.#index = { charts, validators: validatorsOf(answer) };
    return charts;
  }

  async #download(name: string, { version, digest, address }: IndexedChart): Promise<Uint8Array> {
    const act = `download ${name} ${version}`;
    const url = this.#archiveUrl(act, address);
    const answer = await this.#get({ url, act, maxBytes: CHART_LIMITS.packedBytes });
    if (answer.status !== 200) {
      const { subject } = this.#at(act);
      const from = url.origin === this.#base.origin ? subject : url.origin + url.pathname;
      throw faultOfStatus(answer.status, { subject: from, act }, await this.#hasCredentials(url));
    }
    const found = createHash('sha256').update(answer.body).digest('hex');
    if (digest === undefined || digest === found) return answer.body;
    const wrong = `what came has the digest ${found}, and the index says ${digest}`;
    throw notFound(
      this.#at(act),
      wrong,
      'make the index anew ("helm repo index"), or find out who changed the archive',
    );
  }

  #archiveUrl(act: string, address: string | undefined): URL {
    const url =
      address !== undefined && URL.canParse(address, this.#base.href) ? new URL(address, this.#base) : undefined;
    if (url === undefined) throw this.#missing(act, 'the index names no address for it');
    if (url.protocol === 'oci:') {
      const place = url.href.replace(/\/[^/]*$/, '');
      const remedy = `declare a Repository {oci: {url: ${JSON.stringify(place)}}} and name that one`;
      throw notFound(this.#at(act), `the index says that it is at ${url.href}`, remedy);
    }
    const wrong = wrongWithTurn(this.#base, url);
    if (wrong !== undefined)
      throw notFound(this.#at(act), `the index names ${url.origin}, and ${wrong}`, 'mend the index');
    return url;
  }

  async #get(asking: Asking): Promise<HttpAnswer> {
    const answer = await this.#http.get({ ...asking, authorization: await this.#authorization(asking.url, false) });
    if (answer.status !== 401 || !(await this.#hasCredentials(asking.url))) return answer;
    return this.#http.get({ ...asking, authorization: await this.#authorization(asking.url, true) });
  }

  async #authorization(url: URL, refused: boolean): Promise<string | undefined> {
    const isOwn = url.origin === this.#base.origin;
    return isOwn || this.#passCredentials ? this.#credentials.authorization({ url, refused }) : undefined;
  }

  async #hasCredentials(url: URL): Promise<boolean> {
    return (await this.#authorization(url, false)) !== undefined;
  }

  #at(act: string): HttpAct {
    return { subject: this.#http.subject, act };
  }

  #missing(act: string, wrong: string): PlumblineError {
    return notFound(this.#at(act), wrong, 'name one that is there, or publish it');
  }
}

function highest(range: string, versions: readonly IndexedChart[]): IndexedChart | undefined {
  const version = highestInRange(
    range,
    versions.map((one) => one.version),
  );
  return versions.find((one) => one.version === version);
}

function validatorsOf({ headers }: HttpAnswer): Readonly<Record<string, string>> {
  const { etag, 'last-modified': modified } = headers;
  return {
    ...(etag !== undefined && { 'if-none-match': etag }),
    ...(etag === undefined && modified !== undefined && { 'if-modified-since': modified }),
  };
}

function parseBase(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw invalid('it is no address of a chart repository', 'give one such as https://charts.example.com');
  }
  if (url.username !== '' || url.password !== '') {
    const remedy = 'put them into a secret and name that as spec.helm.credentials';
    throw invalid(`it holds credentials for ${url.host}`, remedy);
  }
  url.hash = '';
  if (!url.pathname.endsWith('/')) url.pathname += '/';
  return url;
}

function invalid(wrong: string, remedy: string): PlumblineError {
  const subject = 'spec.helm.url';
  return new PlumblineError([{ code: 'ConfigInvalid', subject, act: 'open the repository', wrong, remedy }]);
}
