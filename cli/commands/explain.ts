import { PlumblineError } from '../../shared/errors.ts';
import { explainObject } from '../../shared/job/explain-object.ts';
import { explainStranger } from '../../shared/job/explain-stranger.ts';
import { formatExplained } from '../../shared/report/explain-text.ts';
import { explainJson } from '../../shared/report/json-report.ts';
import type { CommandIo, ExitStatus } from '../command-io.ts';
import { assertCluster, sayNeverRan } from '../known-fleet.ts';
import { type FleetOptions, fleetPlaceOf, openLocalFleet } from '../local-fleet.ts';
import { readObjectQuery } from '../object-query.ts';

export interface ExplainOptions extends FleetOptions {
  readonly json?: boolean;
  readonly namespace?: string;
  readonly cluster?: string;
}

/** Exit 1 when neither a run nor a cluster knows the object. */
export async function explain(object: string, options: ExplainOptions, io: CommandIo): Promise<ExitStatus> {
  const { namespace, cluster } = options;
  const query = { ...readObjectQuery(object, namespace), ...(cluster === undefined ? {} : { cluster }) };
  const local = openLocalFleet(fleetPlaceOf(options, io.environment), io.environment);
  try {
    const neverRan = await sayNeverRan(local);
    if (neverRan !== undefined) throw unknown(object, neverRan, 'begin with `plumbline plan`');
    await assertCluster(local, cluster);
    io.progress('reading the live object');
    const deps = { ...local, source: local.sources.fleet };
    const declared = await explainObject(deps, local.place.name, query);
    const found = declared.length > 0 ? declared : await explainStranger(deps, local.place.name, query);
    if (found.length === 0) {
      const where = cluster === undefined ? 'in no cluster that can be reached' : `not in ${cluster}`;
      throw unknown(object, `no application declares it, and it is ${where}`, 'look at kind, name and -n');
    }
    const nowMs = await local.state.nowMs();
    if (options.json) io.printJson(found.map(explainJson));
    else io.print(found.map((one) => formatExplained(one, { color: io.color, nowMs })).join('\n'));
    return 0;
  } finally {
    local.close();
  }
}

function unknown(subject: string, wrong: string, remedy: string): PlumblineError {
  return new PlumblineError([{ code: 'ConfigInvalid', subject, act: 'explain', wrong, remedy }]);
}
