import { VERSION } from '../config/names.ts';
import type { DesiredState } from '../model/desired-state.ts';
import type { ConnectOptions } from './ports.ts';

/** What a request is sent for. */
export interface Errand {
  readonly fleet: string;
  /** Absent: it concerns the whole cluster. */
  readonly application?: string;
  /** Commit that asks for it; the application's own where one is named. Absent: nothing of Git does. */
  readonly commit?: string;
  /** The run, or what else it is: `plan`. */
  readonly run: string;
}

const SHORT = 12;

/**
 * Returns `plumbline/<version> (fleet shop; application web; commit 0123456789ab; run 0123456789ab)`, the application
 * where one is concerned: each line of a cluster's audit log names what is behind it.
 */
export function formatUserAgent({ fleet, application, commit, run }: Errand): string {
  const parts = [
    `fleet ${fleet}`,
    ...(application === undefined ? [] : [`application ${application}`]),
    ...(commit === undefined ? [] : [`commit ${commit.slice(0, SHORT)}`]),
    `run ${run.slice(0, SHORT)}`,
  ];
  return `plumbline/${VERSION} (${parts.join('; ')})`;
}

/**
 * Returns the user agents of a run. An application of another repository has a commit of its own; one that is declared
 * no longer goes by the fleet's.
 */
export function userAgentsOf(
  { applications }: DesiredState,
  errand: Errand,
): Required<Pick<ConnectOptions, 'userAgent' | 'applicationAgent'>> {
  const commits = new Map(applications.map(({ name, commit }) => [name, commit.revision]));
  return {
    userAgent: formatUserAgent(errand),
    applicationAgent: (application) => {
      const commit = commits.get(application) ?? errand.commit;
      return formatUserAgent({ ...errand, application, ...(commit === undefined ? {} : { commit }) });
    },
  };
}
