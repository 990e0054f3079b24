/** Planning with charts as sources: what is found, what is remembered, whom a new version wakes. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import { openChartSources } from '../../../../shared/adapters/chart-repository/chart-sources.ts';
import { PlumblineError } from '../../../../shared/errors.ts';
import type { ChartSources } from '../../../../shared/job/chart-port.ts';
import { highestInRange } from '../../../../shared/model/version-range.ts';
import { tarGzOf } from '../../../registry/pack.ts';
import { application, CLUSTERS, configMap, FleetWorld } from './fleet-world.ts';

const REPOSITORY = `apiVersion: plumbline.dev/v1
kind: Repository
metadata: {name: charts}
spec: {helm: {url: "https://charts.example.com"}}
`;

/** A repository with one chart, whose versions the test adds. */
class Shelf {
  readonly versions = new Map<string, Uint8Array>();
  readonly asked: string[] = [];
  readonly charts: ChartSources = {
    open: () => ({
      find: async (name, range) => {
        this.asked.push(`find ${name} ${range}`);
        const version = highestInRange(range, this.versions.keys());
        const archive = this.versions.get(version ?? '');
        if (version === undefined || archive === undefined) throw missing(range);
        const digest = createHash('sha256').update(archive).digest('hex');
        const fetch = async () => {
          this.asked.push(`fetch ${version}`);
          return archive;
        };
        return { version, digest, fetch };
      },
    }),
    // The real one: what is packed here is unpacked as a chart always is.
    unpack: (archive, subject) =>
      openChartSources(() => ({ authorization: async () => undefined })).unpack(archive, subject),
  };

  publish(version: string): void {
    const files = {
      'web/Chart.yaml': `apiVersion: v2\nname: web\nversion: ${version}\n`,
      'web/templates/a.yaml': configMap('web', version),
    };
    this.versions.set(version, tarGzOf(files));
  }
}

function missing(range: string): PlumblineError {
  const problem = { subject: 'https://charts.example.com', act: 'find', wrong: `no ${range}`, remedy: 'publish it' };
  return new PlumblineError([{ code: 'SourceNotFound', ...problem }]);
}

class ChartWorld extends FleetWorld {
  readonly shelf = new Shelf();

  constructor(source: string) {
    super();
    Object.assign(this.deps.sources, { charts: this.shelf.charts });
    const declarations = `${CLUSTERS}---\n${REPOSITORY}---\n${application('web', `source: ${source}`)}`;
    this.source.commit('main', { 'plumbline/all.yaml': declarations });
  }

  /** What `staging` should have of `web`. */
  async web() {
    return (await this.desired('staging')).applications[0];
  }
}

describe('a chart as the source of an application', () => {
  it('is planned at its highest release, and shown as its name and version', async () => {
    const world = new ChartWorld('{repository: charts, chart: web}');
    for (const version of ['1.0.0', '1.10.0', '2.0.0-rc.1']) world.shelf.publish(version);

    await world.settle();

    const web = await world.web();
    const digest = createHash('sha256')
      .update(world.shelf.versions.get('1.10.0') ?? '')
      .digest('hex');
    assert.equal(web?.commit.subject, 'web 1.10.0');
    assert.equal(web?.commit.revision, digest);
  });

  it('brings a new version of its range in at the next plan, without a commit', async () => {
    const world = new ChartWorld('{repository: charts, chart: web, revision: 1.x}');
    world.shelf.publish('1.0.0');
    assert.deepEqual(await world.settle(), ['prod', 'staging']);

    world.shelf.publish('2.0.0');
    assert.deepEqual(await world.settle(), []);
    world.shelf.publish('1.1.0');

    assert.deepEqual(await world.settle(), ['prod', 'staging']);
    assert.equal((await world.web())?.commit.subject, 'web 1.1.0');
  });

  it('is looked for once a plan and downloaded once, for all clusters', async () => {
    const world = new ChartWorld('{repository: charts, chart: web, revision: 1.x}');
    world.shelf.publish('1.0.0');

    await world.plan();
    await world.plan();

    assert.deepEqual(world.shelf.asked, ['find web 1.x', 'fetch 1.0.0', 'find web 1.x']);
  });

  it('that cannot be had any more leaves what is there, and says why', async () => {
    const world = new ChartWorld('{repository: charts, chart: web, revision: 1.x}');
    world.shelf.publish('1.0.0');
    await world.settle();

    world.shelf.versions.clear();
    await world.settle();

    const web = await world.web();
    assert.equal(web?.commit.subject, 'web 1.0.0');
    assert.match(JSON.stringify(web?.heldBack), /https:\/\/charts.example.com: find: no 1.x/);
  });

  it('is refused where the Repository asks for signatures, which charts never have', async () => {
    const world = new ChartWorld('{repository: charts, chart: web}');
    world.shelf.publish('1.0.0');
    await world.settle();
    world.source.commit('main', {
      'plumbline/all.yaml': `${CLUSTERS}---\n${REPOSITORY.replace('spec: {', 'spec: {verify: {mode: refuse}, ')}---\n${application('web', 'source: {repository: charts, chart: web}')}`,
    });

    await world.settle();

    const web = await world.web();
    assert.match(
      JSON.stringify(web?.heldBack),
      /charts of Repository charts: look who signed them: nothing is ever signed/,
    );
  });
});
