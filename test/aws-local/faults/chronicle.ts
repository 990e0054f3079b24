/**
 * What became of a cluster, write by write: a watch on its ConfigMaps that misses nothing. Whatever functions go
 * through, values may only grow, each is written once, and the plans that the anchor names only get newer.
 */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { Agent, request } from 'undici';
import { isJsonObject } from '../../../shared/model/json.ts';
import { callApi } from '../../controlplane/call-api.ts';
import type { EksCluster } from '../clusters/eks-clusters.ts';
import { NUMBERED, onlyAt } from './numbered-fleet.ts';

export interface Change {
  readonly type: string;
  readonly namespace: string;
  readonly name: string;
  readonly data: Readonly<Record<string, string>>;
  readonly resourceVersion: string;
}

const AGAIN_MS = 100;
const OURS = 'default';
const ANCHOR_NAMESPACE = 'plumbline-system';

export class Chronicle {
  readonly cluster: EksCluster;
  readonly changes: Change[] = [];
  readonly #ended = new AbortController();
  readonly #live = new Map<string, string>();
  #resourceVersion = '';
  #watching: Promise<void> = Promise.resolve();

  private constructor(cluster: EksCluster) {
    this.cluster = cluster;
  }

  /** Begins with what stands in the cluster, which is no change. */
  static async start(cluster: EksCluster): Promise<Chronicle> {
    const chronicle = new Chronicle(cluster);
    const { body } = await callApi(cluster.plane, { path: '/api/v1/configmaps' });
    chronicle.#resourceVersion = (body as { metadata: { resourceVersion: string } }).metadata.resourceVersion;
    chronicle.#watching = chronicle.#watchOn();
    return chronicle;
  }

  async stop(): Promise<void> {
    this.#ended.abort();
    await this.#watching;
  }

  /** Waits until everything is here that was written before this call. */
  async catchUp(): Promise<void> {
    const path = '/api/v1/namespaces/kube-public/configmaps/chronicle-mark';
    const mark = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'chronicle-mark' },
      data: { at: `${Date.now()} ${Math.random()}` },
    };
    const call = { method: 'PATCH', body: mark, contentType: 'application/apply-patch+yaml' } as const;
    const { status, body } = await callApi(this.cluster.plane, {
      ...call,
      path: `${path}?fieldManager=chronicle&force=true`,
    });
    assert(status < 300, `mark the chronicle: ${status} ${JSON.stringify(body)}`);
    const { resourceVersion } = (body as { metadata: { resourceVersion: string } }).metadata;
    while (!this.changes.some((change) => change.resourceVersion === resourceVersion)) await pause(AGAIN_MS / 10);
  }

  /** Tells whether the cluster is what commit number `value` of a `NumberedFleet` asks for. */
  holds(value: number): boolean {
    const expected = new Map([...NUMBERED, onlyAt(value)].map((name) => [name, String(value)]));
    return (
      this.#live.size === expected.size && [...expected].every(([name, content]) => this.#live.get(name) === content)
    );
  }

  /** Number of writes to what the fleet brought. */
  get writes(): number {
    return this.changes.filter(({ namespace }) => namespace === OURS).length;
  }

  /** Values of an object of the fleet's, in the order in which they came to be; equal neighbours were written anew. */
  valuesOf(name: string): readonly string[] {
    return this.changes
      .filter((change) => change.namespace === OURS && change.name === name && change.type !== 'DELETED')
      .map(({ data }) => Object.values(data)[0] ?? '');
  }

  /** Fails when anything was written twice, an older value came after a newer one, or an older plan after a newer one. */
  assertTrue(): void {
    const where = `cluster ${this.cluster.name}`;
    const names = new Set(this.changes.filter(({ namespace }) => namespace === OURS).map(({ name }) => name));
    for (const name of names) {
      const values = this.valuesOf(name).map(Number).filter(Number.isFinite);
      const sorted = [...new Set(values)].sort((left, right) => left - right);
      assert.deepEqual(values, sorted, `${where}: ${name} went through these values`);
      const lives = this.changes.filter((change) => change.namespace === OURS && change.name === name);
      const made = lives.filter(({ type }) => type === 'ADDED').length;
      assert(made <= 1, `${where}: ${name} was made ${made} times`);
    }
    const anchors = this.changes.filter(
      ({ namespace, data }) => namespace === ANCHOR_NAMESPACE && 'generation' in data,
    );
    for (const field of ['generation', 'fence']) {
      const seen = anchors.map(({ data }) => Number(data[field]));
      assert.deepEqual(
        seen,
        [...seen].sort((left, right) => left - right),
        `${where}: the anchor's ${field}`,
      );
    }
  }

  async #watchOn(): Promise<void> {
    while (!this.#ended.signal.aborted) {
      // The cluster may be away; what was written meanwhile is told when it is back.
      await this.#watch().catch(() => pause(AGAIN_MS));
    }
  }

  async #watch(): Promise<void> {
    const { server, caFile, token } = this.cluster.plane;
    const agent = new Agent({ connect: { ca: await readFile(caFile, 'utf8') }, allowH2: false, bodyTimeout: 0 });
    try {
      const path = `/api/v1/configmaps?watch=1&resourceVersion=${this.#resourceVersion}`;
      const headers = { authorization: `Bearer ${token}` };
      const { body } = await request(server + path, { dispatcher: agent, headers, signal: this.#ended.signal });
      let rest = '';
      for await (const chunk of body.setEncoding('utf8')) {
        const lines = `${rest}${chunk}`.split('\n');
        rest = lines.pop() ?? '';
        for (const line of lines) this.#note(JSON.parse(line));
      }
    } finally {
      await agent.destroy();
    }
  }

  #note(event: unknown): void {
    if (!isJsonObject(event) || !isJsonObject(event.object) || !isJsonObject(event.object.metadata)) return;
    const { data } = event.object;
    const { name, namespace, resourceVersion } = event.object.metadata;
    if (event.type === 'ERROR') throw new Error(`the watch on ${this.cluster.name} ended: ${JSON.stringify(event)}`);
    this.#resourceVersion = String(resourceVersion);
    const change = {
      type: String(event.type),
      namespace: String(namespace),
      name: String(name),
      data: (isJsonObject(data) ? data : {}) as Readonly<Record<string, string>>,
      resourceVersion: String(resourceVersion),
    };
    this.changes.push(change);
    if (change.namespace !== OURS) return;
    if (change.type === 'DELETED') this.#live.delete(change.name);
    else this.#live.set(change.name, change.data.value ?? '');
  }
}
