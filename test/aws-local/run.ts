/**
 * `npm run aws-local`: the synthesized template on this machine, with the demo's story told over it. With `--exit` it
 * ends after that, its last line one JSON object: `{"steps": [{"name", "ok", "ms"}], "ok"}`.
 */
import { parseArgs } from 'node:util';
import { type CommandIo, type ExitStatus, runCommand } from '../../cli/command-io.ts';
import { DemoNarrator } from '../../cli/demo/demo-narrator.ts';
import { DEMO_STEPS } from '../../cli/demo/demo-steps.ts';
import type { AwsLocal } from './aws-local.ts';
import { startAwsLocal } from './start-aws-local.ts';
import { playStory } from './story/play-story.ts';
import { storyStack } from './story/story-stack.ts';

const { values } = parseArgs({ options: { exit: { type: 'boolean', default: false } } });

await runCommand({ act: 'play', endsOnCtrlC: 'itself' }, play);

async function play(io: CommandIo): Promise<ExitStatus> {
  const narrator = new DemoNarrator(io, { json: false });
  const startedMs = performance.now();
  let aws: AwsLocal | undefined;
  try {
    narrator.say('The stack of `npm run synth` starts on this machine, with two real control planes as EKS clusters.');
    io.progress('starting AWS');
    aws = await startAwsLocal(storyStack());
    io.progress('');
    await playStory(aws, narrator, io);
    if (!values.exit && !io.signal.aborted) await playOn(aws, narrator, io.signal);
  } catch (error) {
    narrator.fail('the stack around its steps', error, Math.round(performance.now() - startedMs));
  } finally {
    await aws?.stop();
  }
  const steps = narrator.results;
  const ok = steps.length >= DEMO_STEPS.length && steps.every((step) => step.ok);
  if (values.exit) io.printJsonLine({ steps, ok });
  if (io.signal.aborted && !ok) return 130;
  return ok ? 0 : 1;
}

async function playOn(aws: AwsLocal, narrator: DemoNarrator, signal: AbortSignal): Promise<void> {
  const config = aws.clusters.map(({ plane }) => plane.kubeconfigPath).join(':');
  narrator.say('', 'It goes on running; the sweep comes every minute.', `  export KUBECONFIG=${config}`);
  narrator.say(`  AWS_ENDPOINT_URL=${aws.gateway.url}`, 'Ctrl-C ends it and removes everything.');
  const timer = setInterval(() => void aws.tick(), 60_000);
  if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
  clearInterval(timer);
}
