/** The page of one machine: loopback in, the local state and repository behind it. */
import { readFile } from 'node:fs/promises';
import { type PageServer, startPageServer } from '../shared/adapters/page-server/start-page-server.ts';
import { problemsOf } from '../shared/errors.ts';
import { readPage } from '../shared/job/read-page.ts';
import type { Problem } from '../shared/model/problem.ts';
import { STYLE_SOURCE } from '../shared/report/pages/document.ts';
import type { LocalFleet } from './local-fleet.ts';

const RUNBOOK = new URL('../docs/runbook.md', import.meta.url);
const readRunbook = () => readFile(RUNBOOK, 'utf8');

export interface LocalPageOptions {
  /** 0: one that is free. */
  readonly port: number;
  readonly onTrouble: (problems: readonly Problem[]) => void;
}

/** Serves the pages of a fleet on 127.0.0.1 until `close`. @throws {ConfigInvalid} when the port is taken. */
export function startLocalPage(local: LocalFleet, { port, onTrouble }: LocalPageOptions): Promise<PageServer> {
  const deps = { state: local.state, blobs: local.blobs, source: local.sources.fleet, fleet: local.place, readRunbook };
  return startPageServer({
    port,
    styleSource: STYLE_SOURCE,
    read: (path, query) => readPage(deps, path, query),
    onTrouble: (error) => onTrouble(problemsOf(error, { subject: 'page', act: 'answer a request' })),
  });
}
