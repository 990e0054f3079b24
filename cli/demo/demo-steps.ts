/** What the demo shows, in order. Each step acts as a person would, waits for what must come of it, and tells it. */

import { formatRef } from '../../shared/model/object-ref.ts';
import { formatProblem } from '../../shared/model/problem.ts';
import type { SeenDrift } from '../../shared/model/status.ts';
import type { StepStory } from './demo-narrator.ts';
import { type DemoStage, kubectl, reportOf, runsSince, waitFor, waitForClusters } from './demo-stage.ts';
import { describeField } from './describe-field.ts';

export interface DemoStep {
  readonly name: string;
  readonly what: string;
  act(stage: DemoStage): Promise<StepStory>;
}

const BOTH = ['staging', 'production'] as const;
const IMAGE_FILE = 'apps/inventory/deployment.yaml';
const OLD_IMAGE = 'nginx-unprivileged:1.27-alpine';
const NEW_IMAGE = 'nginx-unprivileged:1.28-alpine';

export const DEMO_STEPS: readonly DemoStep[] = [
  {
    name: 'first sync',
    what: 'the repository has five applications for two clusters',
    async act(stage) {
      const revision = await stage.repository.head();
      const { applications } = await waitForClusters(stage, revision, BOTH);
      const objects = applications.reduce((sum, application) => sum + application.objects, 0);
      return { lines: [`${objects} objects of ${applications.length / 2} applications are healthy in 2 clusters`] };
    },
  },
  {
    name: 'a commit is the deployment',
    what: `git commit: the inventory gets ${NEW_IMAGE}`,
    async act(stage) {
      await stage.repository.edit(IMAGE_FILE, (text) => text.replace(OLD_IMAGE, NEW_IMAGE));
      const sinceMs = await stage.local.state.nowMs();
      const revision = await stage.repository.commit('inventory: nginx 1.28');
      await waitForClusters(stage, revision, BOTH);
      const runs = (await runsSince(stage, sinceMs)).filter(({ counts }) => counts.configured > 0);
      const took = runs.map((one) => `${one.cluster} after ${one.startedAtMs + one.durationMs - sinceMs} ms`);
      return { lines: [`applied: ${took.join(', ')}; the new Pods are ready`, ...(await imagesIn(stage))] };
    },
  },
  {
    name: 'drift is put right',
    what: 'someone runs kubectl scale and kubectl patch in production',
    async act(stage) {
      const [, production] = stage.clusters;
      const sinceMs = await stage.local.state.nowMs();
      await kubectl(stage, production, 'scale', 'deployment/shop', `--namespace=${stage.prefix}-shop`, '--replicas=7');
      const edit = JSON.stringify({ data: { LOG_LEVEL: 'trace' } });
      await kubectl(
        stage,
        production,
        'patch',
        'configmap/inventory',
        `--namespace=${stage.prefix}-inventory`,
        `--patch=${edit}`,
      );
      const healed = await waitFor(stage, 'both changes to be healed', async () => {
        const drift = (await runsSince(stage, sinceMs))
          .flatMap((one) => one.drift)
          .filter(({ act }) => act === 'healed');
        return new Set(drift.map(({ ref }) => formatRef(ref))).size >= 2 ? drift : undefined;
      });
      return { lines: healed.flatMap(tellDrift) };
    },
  },
  {
    name: 'a removed file is pruned',
    what: 'git rm apps/greetings/farewell.yaml',
    async act(stage) {
      await stage.repository.remove('apps/greetings/farewell.yaml');
      const revision = await stage.repository.commit('greetings: no farewell');
      await waitForClusters(stage, revision, BOTH);
      for (const cluster of stage.clusters) {
        const left = await kubectl(
          stage,
          cluster,
          'get',
          `greetings.${stage.prefix}.plumbline.dev`,
          `--namespace=${stage.prefix}-greetings`,
          '--output=name',
        );
        if (left.includes('farewell')) throw new Error(`the farewell is still in ${cluster.name}`);
      }
      const { prefix } = stage;
      return { lines: [`Greeting.${prefix}.plumbline.dev/${prefix}-greetings/farewell is gone from 2 clusters`] };
    },
  },
  {
    name: 'a broken declaration changes nothing',
    what: 'git commit: a declaration that cannot be right',
    async act(stage) {
      const before = await imagesIn(stage);
      await stage.repository.edit('plumbline/applications/shop.yaml', (text) => text.replace('  source:', '  sorce:'));
      const revision = await stage.repository.commit('shop: quick fix');
      const problems = await waitFor(stage, 'the mistake to be told in both clusters', async () => {
        const { fleet, applications } = await reportOf(stage);
        const told = applications.filter(({ application }) => application === 'shop').map((shop) => shop.problems);
        const isTold = told.length === BOTH.length && told.every(({ length }) => length > 0);
        return fleet.planned?.revision === revision && isTold ? told[0] : undefined;
      });
      const after = await imagesIn(stage);
      if (before.join() !== after.join()) throw new Error('the clusters did not stay as they were');
      return {
        lines: [...problems.map(formatProblem), 'the shop stays as it was, whatever else the commit brings arrives'],
      };
    },
  },
  {
    name: 'a revert is the rollback',
    what: 'git revert: the broken commit, and the new image with it',
    async act(stage) {
      const { repository } = stage;
      const image = await repository.find('inventory: nginx 1.28');
      const revision = await repository.revert('HEAD', image);
      await waitForClusters(stage, revision, BOTH);
      const images = await imagesIn(stage);
      if (images.some((line) => !line.includes(OLD_IMAGE))) throw new Error(`not rolled back: ${images.join(', ')}`);
      return { lines: images };
    },
  },
  {
    name: 'a lost cluster catches up',
    what: 'production goes away, a commit comes, production returns',
    async act(stage) {
      const [, production] = stage.clusters;
      if (production.goAway === undefined) return { skipped: 'these clusters are yours; the demo does not stop them' };
      const comeBack = await production.goAway();
      await stage.repository.edit('apps/inventory/config.yaml', (text) => text.replace('"30"', '"45"'));
      const revision = await stage.repository.commit('inventory: reserve for 45 minutes');
      await waitForClusters(stage, revision, ['staging']);
      await waitFor(stage, 'production to be missed', async () => {
        const { clusters } = await reportOf(stage);
        const missed = clusters.find(({ cluster }) => cluster === 'production')?.status?.unreachableSinceMs;
        return missed === undefined ? undefined : true;
      });
      await comeBack();
      const sinceMs = performance.now();
      await waitForClusters(stage, revision, BOTH);
      const tookMs = Math.round(performance.now() - sinceMs);
      return {
        lines: ['staging did not wait; production was reported', `production caught up ${tookMs} ms after it returned`],
      };
    },
  },
];

async function imagesIn(stage: DemoStage): Promise<readonly string[]> {
  const query = '--output=jsonpath={.spec.template.spec.containers[0].image}';
  return Promise.all(
    stage.clusters.map(async (cluster) => {
      const image = await kubectl(
        stage,
        cluster,
        'get',
        'deployment/inventory',
        `--namespace=${stage.prefix}-inventory`,
        query,
      );
      return `${cluster.name}: ${image}`;
    }),
  );
}

function tellDrift({ ref, fields }: SeenDrift): readonly string[] {
  return fields.map((field) => `${formatRef(ref)}  ${describeField(field)}  healed`);
}
