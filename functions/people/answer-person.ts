/** What is said to whoever pressed a button or made a call. */
import { PlumblineError } from '../../shared/errors.ts';
import { type AskDeps, askClusters } from '../../shared/job/ask-clusters.ts';
import { readPeopleRequest } from '../../shared/job/read-people-request.ts';
import { isJsonObject } from '../../shared/model/json.ts';
import { formatProblem } from '../../shared/model/problem.ts';
import { describeAsked } from '../../shared/report/asked-text.ts';
import { html, printHtml } from '../../shared/report/pages/html.ts';

export interface PersonsCall {
  readonly fleet: string;
  readonly event: unknown;
  /** Lambda's: CloudTrail names the identity behind it, which the event does not. */
  readonly requestId: string;
  readonly trace: string;
}

export interface PersonAnswer {
  readonly asked: boolean;
  readonly message: string;
}

/**
 * Does what is asked for, under the name that the person gave and the id of the request.
 *
 * @throws {PlumblineError} where our own state or queue failed, or for a bug.
 */
export async function answerPerson(
  deps: AskDeps,
  { fleet, event, requestId, trace }: PersonsCall,
): Promise<PersonAnswer> {
  try {
    const given = isJsonObject(event) ? event : {};
    const named = readPeopleRequest({ ...given, by: given.by ?? nameIn(event) });
    const request = { ...named, by: `${named.by} (request ${requestId})` };
    const clusters = await askClusters(deps, { fleet, request, id: requestId, trace });
    return { asked: true, message: describeAsked(request, clusters) };
  } catch (error) {
    if (!(error instanceof PlumblineError) || error.fault !== 'declaration') throw error;
    return { asked: false, message: error.problems.map(formatProblem).join('; ') };
  }
}

/** Returns the answer as its asker reads it: the console shows HTML, a direct call gets JSON. */
export function answerFor(event: unknown, answer: PersonAnswer): string | PersonAnswer {
  if (!isJsonObject(event) || event.widgetContext === undefined) return answer;
  const word = answer.asked ? 'Done.' : 'Not done.';
  return printHtml(html`<p><b>${word}</b> ${answer.message}.</p>`);
}

/** What stands in the field `by` of the page that the button is on. */
function nameIn(event: unknown): unknown {
  const { widgetContext } = isJsonObject(event) ? event : {};
  const { forms } = isJsonObject(widgetContext) ? widgetContext : {};
  const { all } = isJsonObject(forms) ? forms : {};
  return isJsonObject(all) && typeof all.by === 'string' ? all.by : undefined;
}
