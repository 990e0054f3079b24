/** What a person would look up next about an object that does not get on: its Pod's log, or events. One request each. */
import type { TroubledPod } from '../../health/explain-workload.ts';
import { tellingEvent } from '../../health/telling-event.ts';
import { oneLine } from '../../health/verdict.ts';
import type { KubeObject } from '../../model/kube-object.ts';
import { refOf } from '../../model/kube-object.ts';
import { hideSecretsIn } from '../../plan/hide-secrets.ts';
import type { ApiRefusal } from '../ports.ts';
import type { RunContext } from './run-context.ts';
import { preferredPathOf } from './served-kinds.ts';

/** A stack trace ends with its least telling line; a blank line tells nothing. */
const LAST_LINES = 20;
/** What programs write when they give up. */
const CRY = /error|fatal|panic|exception|fail|denied|refused|cannot|unable|not found/i;

/** Returns what the log of the troubled Pod, or the events, tell beyond the status of `live`; '' when they are silent. */
export async function askWhy(
  run: RunContext,
  live: KubeObject,
  { troubled, secrets }: { readonly troubled: TroubledPod | undefined; readonly secrets: readonly KubeObject[] },
): Promise<string> {
  const kind = troubled?.trouble.kind;
  const said =
    troubled !== undefined && (kind === 'crash-loop' || (kind === 'failed' && troubled.trouble.container !== undefined))
      ? await lastWords(run, troubled)
      : await lastEvent(run, troubled?.pod ?? live);
  // What programs print and controllers quote is kept and shown.
  return hideSecretsIn(said, secrets);
}

async function lastWords(run: RunContext, { pod, trouble }: TroubledPod): Promise<string> {
  const { container, hasRestarted = false } = trouble;
  const options = { tailLines: LAST_LINES, previous: hasRestarted, ...(container !== undefined && { container }) };
  const log = await run.connection.logs(refOf(pod), options);
  if (!log.ok) return unread('its log', 'get on pods/log', log.refusal);
  const lines = log.value.map((line) => oneLine(line)).filter((line) => line !== '');
  const last = lines.findLast((line) => CRY.test(line)) ?? lines.at(-1);
  return last === undefined ? 'its log is empty' : `last in its log: ${last}`;
}

async function lastEvent(run: RunContext, about: KubeObject): Promise<string> {
  const path = preferredPathOf(run.served, { group: '', kind: 'Event' });
  if (path === undefined || about.metadata.uid === undefined) return '';
  // Events about what has no namespace stand in this one.
  const namespace = about.metadata.namespace ?? 'default';
  const listed = await run.connection.list(path, {
    namespace,
    fieldSelector: `involvedObject.uid=${about.metadata.uid}`,
  });
  if (!listed.ok) return unread('its events', 'list on events', listed.refusal);
  const event = tellingEvent(listed.value);
  return event === '' ? '' : `event ${event}`;
}

/** That one may not look is no failure of the object: it is said beside what is known. */
function unread(what: string, right: string, { status, message }: ApiRefusal): string {
  return status === 403 ? `${what} may not be read: allow ${right}` : `${what} cannot be read: ${oneLine(message)}`;
}
