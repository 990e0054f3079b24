import { PlumblineError } from '../../errors.ts';
import type { Nudge } from '../../job/ports.ts';

/** The queues that a function knows; each knows only those that it may send to. */
export interface QueueUrls {
  readonly fleet?: string | undefined;
  readonly render?: string | undefined;
  /** By network; '' serves the clusters that name none. */
  readonly clusters: ReadonlyMap<string, string>;
  /** Where messages go that no worker can read. */
  readonly deadLetters?: string | undefined;
}

/** @throws {ConfigInvalid} when the function knows no queue for the nudge: a network that the stack does not have. */
export function queueUrlOf(nudge: Nudge, urls: QueueUrls): string {
  switch (nudge.kind) {
    case 'fleet':
      return urls.fleet ?? fail(`fleet ${nudge.fleet}`, 'no fleet queue', SETTINGS_REMEDY);
    case 'render':
      return urls.render ?? fail(`rendering ${nudge.input}`, 'no render queue', SETTINGS_REMEDY);
    case 'cluster': {
      const network = nudge.network ?? '';
      const url = urls.clusters.get(network);
      if (url !== undefined) return url;
      if (network === '') return fail(nudge.cluster, 'no queue for clusters without a network', SETTINGS_REMEDY);
      return fail(nudge.cluster, `no queue for network "${network}"`, NETWORK_REMEDY);
    }
  }
}

/** Every queue that could hold a message for whoever knows these. */
export function urlsToReceiveFrom({ fleet, render, clusters }: QueueUrls): readonly string[] {
  return [fleet, render, ...clusters.values()].filter((url) => url !== undefined);
}

const SETTINGS_REMEDY = 'deploy the stack again; it gives the function its queues';
const NETWORK_REMEDY = "name one of the stack's networks in spec.eks.network, or add it to plumbline.config.ts";

function fail(subject: string, wrong: string, remedy: string): never {
  throw new PlumblineError([
    { code: 'ConfigInvalid', subject, act: 'send a nudge', wrong: `this function knows ${wrong}`, remedy },
  ]);
}
