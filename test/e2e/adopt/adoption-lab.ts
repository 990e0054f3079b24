/** Objects of other tools, and an application that takes them over: the real job, the real tools, a real API server. */
import assert from 'node:assert/strict';
import { readJsonBlob } from '../../../shared/job/blob-json.ts';
import type { KubeObject } from '../../../shared/model/kube-object.ts';
import type { ObjectRef } from '../../../shared/model/object-ref.ts';
import type { ObjectStatus } from '../../../shared/model/status.ts';
import type { FormerOwner } from '../../../shared/plan/former-owners.ts';
import type { ForeignClient } from '../ownership/foreign-client.ts';
import { type ClusterLab, openClusterLab } from '../ownership/lab.ts';
import { configMap } from '../reconcile/declared-objects.ts';
import { type FleetUnderTest, fleetUnderTest } from '../reconcile/fleet-under-test.ts';
import { openRealTools, type RealTools } from './real-tools.ts';

/** What Git has of each object that is taken over; the live ones have `old: theirs` too. */
export function wanted(name: string): string {
  return configMap(name, 'ours');
}

export class AdoptionLab {
  readonly fleet: FleetUnderTest;
  readonly others: ForeignClient;
  readonly tools: RealTools;
  readonly #cluster: ClusterLab;

  private constructor(fleet: FleetUnderTest, cluster: ClusterLab, tools: RealTools) {
    this.fleet = fleet;
    this.#cluster = cluster;
    this.others = cluster.others;
    this.tools = tools;
  }

  static async open(): Promise<AdoptionLab> {
    const fleet = await fleetUnderTest();
    return new AdoptionLab(fleet, await openClusterLab(), await openRealTools(fleet.testCluster));
  }

  /** Nothing of ours is in the namespace then. */
  async reset(): Promise<void> {
    await this.fleet.want({ web: { objects: '', settings: { sync: { allowEmpty: true } } } });
    await this.fleet.settle();
    await this.others.ensureNamespace(this.fleet.namespace);
  }

  async close(): Promise<void> {
    await this.fleet.close();
    await this.tools.close();
    await this.#cluster.close();
  }

  ref(kind: string, name: string): ObjectRef {
    return { group: '', kind, namespace: this.fleet.namespace, name };
  }

  async bringIn(objects: string, adopt: readonly FormerOwner[]): Promise<void> {
    await this.fleet.want({ web: { objects, settings: { sync: { adopt: [...adopt] } } } });
    await this.fleet.run();
  }

  async problems(): Promise<readonly string[]> {
    return (await this.fleet.applications()).web?.problems.map(({ wrong }) => wrong) ?? [];
  }

  /** Runs a second time: what was taken over is ours and quiet. */
  async assertQuiet(): Promise<void> {
    assert.deepEqual(await this.problems(), []);
    const told = (await this.fleet.lastRun())?.run;
    await this.fleet.run();
    assert.equal((await this.fleet.lastRun())?.run, told, 'the next run has nothing to do');
  }

  async warningsTold(): Promise<readonly string[]> {
    const { objects = '' } = await this.fleet.status();
    const seen = await readJsonBlob<readonly ObjectStatus[]>(this.fleet.deps.blobs, objects);
    return (seen ?? []).flatMap(({ outcome }) => ('warnings' in outcome ? (outcome.warnings ?? []) : []));
  }

  async readMap(name: string): Promise<KubeObject> {
    const live = await this.fleet.read(this.ref('ConfigMap', name));
    assert.ok(live, `${name} is gone`);
    return live;
  }

  theirs(name: string, metadata: Partial<KubeObject['metadata']> = {}): KubeObject {
    return {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name, namespace: this.fleet.namespace, ...metadata },
      data: { value: 'theirs', old: 'theirs' },
    };
  }

  /** Nothing of the former tool is left, and the object is the one that it was. */
  async assertTaken(name: string, before: KubeObject): Promise<void> {
    const live = await this.readMap(name);
    assert.equal(live.metadata.uid, before.metadata.uid);
    assert.deepEqual(live.data, { value: 'ours' });
    const marks = [...Object.keys(live.metadata.labels ?? {}), ...Object.keys(live.metadata.annotations ?? {})];
    assert.deepEqual(
      marks.filter((mark) => !/^(plumbline\.dev|applyset\.kubernetes\.io)\//.test(mark)),
      [],
    );
    assert.deepEqual(
      live.metadata.managedFields?.map(({ manager }) => manager),
      [`plumbline-${this.fleet.fleet}`],
    );
    await this.assertQuiet();
  }
}
