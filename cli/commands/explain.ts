import { PlumblineError } from '../../shared/errors.ts';
import { explainObject, type ObjectQuery } from '../../shared/job/explain-object.ts';
import { formatExplained } from '../../shared/report/explain-text.ts';
import { explainJson } from '../../shared/report/json-report.ts';
import type { CommandIo, ExitStatus } from '../command-io.ts';
import { type FleetOptions, fleetPlaceOf, openLocalFleet } from '../local-fleet.ts';

export interface ExplainOptions extends FleetOptions {
  readonly json?: boolean;
  readonly namespace?: string;
  readonly cluster?: string;
}

export async function explain(object: string, options: ExplainOptions, io: CommandIo): Promise<ExitStatus> {
  const query = readQuery(object, options.namespace);
  const local = openLocalFleet(fleetPlaceOf(options, io.environment), io.environment);
  try {
    const only = options.cluster === undefined ? {} : { cluster: options.cluster };
    const deps = { ...local, source: local.sources.fleet };
    const found = await explainObject(deps, local.place.name, { ...query, ...only });
    if (found.length === 0) throw unknown(object, 'no run has seen such an object', 'see `plumbline status --full`');
    const nowMs = await local.state.nowMs();
    if (options.json) io.printJson(found.map(explainJson));
    else io.print(found.map((one) => formatExplained(one, { color: io.color, nowMs })).join('\n'));
    return 0;
  } finally {
    local.close();
  }
}

/** `kind/name`, `kind.group/name` or `Kind.group/namespace/name`. */
function readQuery(text: string, namespace: string | undefined): ObjectQuery {
  const parts = text.split('/');
  const [groupKind, ...place] = parts;
  const name = place.at(-1);
  if (groupKind === undefined || name === undefined || name === '' || place.length > 2) {
    throw unknown(text, 'it is not of the form kind/name', 'write `deployment/podinfo -n podinfo`');
  }
  const dot = groupKind.indexOf('.');
  const kind = dot < 0 ? groupKind : groupKind.slice(0, dot);
  const inNamespace = place.length === 2 ? place[0] : namespace;
  return {
    kind,
    name,
    ...(dot < 0 ? {} : { group: groupKind.slice(dot + 1) }),
    ...(inNamespace === undefined ? {} : { namespace: inNamespace }),
  };
}

function unknown(subject: string, wrong: string, remedy: string): PlumblineError {
  return new PlumblineError([{ code: 'ConfigInvalid', subject, act: 'explain', wrong, remedy }]);
}
