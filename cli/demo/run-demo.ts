import { randomInt } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CommandIo, STOPPED } from '../command-io.ts';
import { type LocalRenderers, openLocalRenderers } from '../local-renderers.ts';
import { type DemoClusters, startDemoClusters } from './demo-clusters.ts';
import { DemoNarrator, type StepResult } from './demo-narrator.ts';
import { EXAMPLE_PREFIX } from './demo-repository.ts';
import { DEMO_STEPS } from './demo-steps.ts';
import { lookBefore, ownClusters } from './own-clusters.ts';
import { playDemo } from './play-demo.ts';

export interface DemoOptions {
  readonly exit?: boolean;
  readonly json?: boolean;
  readonly contexts?: string;
  readonly port?: string;
}

/** What became of the demo. `isWhole`: all steps were played, whatever came of them. */
export interface DemoResult {
  readonly steps: readonly StepResult[];
  readonly isWhole: boolean;
}

/** Plays the demo; everything it made is gone when it ends. What fails around the steps is a failed step too. */
export async function runDemo(options: DemoOptions, io: CommandIo): Promise<DemoResult> {
  const narrator = new DemoNarrator(io, { json: options.json === true });
  const folder = await mkdtemp(join(tmpdir(), 'plumbline-demo-'));
  const startedMs = performance.now();
  let clusters: DemoClusters | undefined;
  try {
    io.progress('looking for helm and kubectl');
    const renderers = await openLocalRenderers(io.environment);
    clusters = await bringClusters(options, { narrator, renderers, folder, io });
    io.progress('');
    await playDemo(options, io, { clusters, renderers, narrator, folder });
  } catch (error) {
    const what = clusters === undefined ? 'two clusters' : 'the demo around its steps';
    narrator.fail(what, error, Math.round(performance.now() - startedMs));
  } finally {
    await clusters?.stop();
    await rm(folder, { recursive: true, force: true });
  }
  if (io.signal.aborted) io.note(STOPPED);
  return { steps: narrator.results, isWhole: narrator.results.length >= DEMO_STEPS.length };
}

interface Bringing {
  readonly narrator: DemoNarrator;
  readonly renderers: LocalRenderers;
  readonly folder: string;
  readonly io: CommandIo;
}

async function bringClusters(
  { contexts }: DemoOptions,
  { narrator, renderers, folder, io }: Bringing,
): Promise<DemoClusters> {
  if (contexts === undefined) {
    narrator.say('Two real control planes start on this machine (the first time they are built, which takes minutes).');
    io.progress('starting two control planes');
    return startDemoClusters(folder, (line) => narrator.say(`   ${line}`));
  }
  const prefix = `${EXAMPLE_PREFIX}-${randomInt(36 ** 3, 36 ** 4).toString(36)}`;
  const clusters = ownClusters(contexts);
  const hadSystemNamespace = await lookBefore(renderers, clusters);
  narrator.say(`What the demo makes in your clusters is named ${prefix}-..., and is removed when it ends.`);
  return { clusters, prefix, kubeconfigVariable: undefined, hadSystemNamespace, stop: async () => {} };
}
