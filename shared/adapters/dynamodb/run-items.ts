import { TABLE } from '../../config/names.ts';
import { parseJson, stringifyJson } from '../../model/json-text.ts';
import type { RunSummary } from '../../model/status.ts';
import { runSummarySchema } from '../../model/stored-status.ts';
import { pack, packedAt } from './attributes.ts';
import { fleetRuns, runKey, runPartition } from './item-keys.ts';
import { shortRun } from './short-texts.ts';
import type { Selection, StateTable } from './state-table.ts';

const KEPT_SECONDS = 30 * 24 * 60 * 60;

/** What runs did, by cluster and, through an index, by fleet; they expire after 30 days. */
export class RunItems {
  readonly #table: StateTable;

  constructor(table: StateTable) {
    this.#table = table;
  }

  async append(fleet: string, run: RunSummary): Promise<void> {
    await this.#table.put(`append a run of ${run.cluster}`, {
      ...runKey(fleet, run),
      [TABLE.runsIndex.partitionKey.name]: fleetRuns(fleet),
      [TABLE.expires]: Math.ceil(run.startedAtMs / 1000) + KEPT_SECONDS,
      run: pack(stringifyJson(shortRun(run))),
    });
  }

  async list(
    fleet: string,
    { cluster, limit }: { readonly cluster?: string; readonly limit: number },
  ): Promise<readonly RunSummary[]> {
    const items = await this.#table.query('list runs', {
      ...(cluster === undefined ? ofFleet(fleet) : ofCluster(fleet, cluster)),
      limit,
      newestFirst: true,
    });
    return items.map((item) => runSummarySchema.parse(parseJson(packedAt(item, 'run') ?? '')));
  }
}

function ofFleet(fleet: string): Selection {
  const { name, partitionKey } = TABLE.runsIndex;
  return { index: name, condition: `#${partitionKey.name} = :runs`, values: { runs: fleetRuns(fleet) } };
}

function ofCluster(fleet: string, cluster: string): Selection {
  return { condition: '#pk = :runs', values: { runs: runPartition(fleet, cluster) } };
}
