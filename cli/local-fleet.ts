/** One machine's parts for the jobs: a SQLite file, sealed blobs in a folder, local Git repositories, kubeconfigs. */
import { createHash, randomBytes } from 'node:crypto';
import { basename, join } from 'node:path';
import { lateStackOutputs } from '../shared/adapters/cloudformation/late-stack-outputs.ts';
import { lateDirectory, lateLocator } from '../shared/adapters/eks/late-eks.ts';
import { FileBlobStore } from '../shared/adapters/files/file-blob-store.ts';
import { GitSource } from '../shared/adapters/git/git-source.ts';
import { createClusterConnector } from '../shared/adapters/kube/connect-cluster.ts';
import { createKubeconfigConnector } from '../shared/adapters/kube/connect-kubeconfig.ts';
import { SqliteQueue } from '../shared/adapters/sqlite/sqlite-queue.ts';
import { SqliteStateStore } from '../shared/adapters/sqlite/sqlite-state-store.ts';
import { StateFile } from '../shared/adapters/sqlite/state-file.ts';
import { lateParameters } from '../shared/adapters/ssm/late-parameters.ts';
import { WorktreeSource } from '../shared/adapters/worktree/worktree-source.ts';
import type { Environment } from '../shared/config/environment.ts';
import { PlumblineError } from '../shared/errors.ts';
import type { ClusterDirectory } from '../shared/job/cluster-provider.ts';
import { outsideValues } from '../shared/job/plan-fleet/outside-values.ts';
import type { FleetSources } from '../shared/job/plan-fleet/plan-deps.ts';
import type { BlobStore, ClusterConnector, Queue, StateStore } from '../shared/job/ports.ts';
import type { OutsideValues } from '../shared/job/value-port.ts';
import { localPath } from './local-path.ts';
import { openLocalSources } from './local-sources.ts';

/** Which fleet a command is about: the one thing configured outside of Git. */
export interface FleetPlace {
  /** Root of the fleet repository, worktree or bare. */
  readonly path: string;
  readonly branch: string;
  /** Where the declarations stand in it. */
  readonly folder: string;
  /** Stands in the clusters: field manager, labels, anchor. */
  readonly name: string;
  /** Where state, blobs and their key lie. */
  readonly stateDir: string;
  /** Take the files as they stand in the worktree, committed or not. */
  readonly worktree: boolean;
}

export interface FleetOptions {
  readonly fleet: string;
  readonly branch: string;
  readonly folder: string;
  readonly name?: string;
  readonly state?: string;
  readonly worktree?: boolean;
}

export interface LocalFleet {
  readonly place: FleetPlace;
  readonly state: StateStore;
  readonly queue: Queue;
  readonly blobs: BlobStore;
  readonly sources: FleetSources;
  readonly clusters: ClusterConnector;
  readonly directory: ClusterDirectory;
  readonly outsideValues: OutsideValues;
  readonly newNonce: () => string;
  readonly monotonicMs: () => number;
  /** Deletes blobs that nothing has used for a month. */
  removeOldBlobs(): Promise<number>;
  close(): void;
}

const LONGEST_NAME = 40;
/** Reading or finding a blob counts as using it, so those of today's desired states never come of age. */
const BLOB_LIFE_MS = 30 * 24 * 60 * 60 * 1000;

/** Returns where the fleet is. Its name defaults to that of the folder, its state lies apart for each path. */
export function fleetPlaceOf(options: FleetOptions, environment: Environment): FleetPlace {
  const path = localPath(options.fleet, environment);
  const name = options.name ?? defaultName(path);
  if (!/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(name) || name.length > LONGEST_NAME) {
    throw new PlumblineError([
      {
        code: 'ConfigInvalid',
        subject: `fleet ${JSON.stringify(name)}`,
        act: 'name the fleet',
        wrong: `a name has at most ${LONGEST_NAME} lower-case letters, digits and "-"`,
        remedy: 'give one with --name; it stands in the clusters, so keep it',
      },
    ]);
  }
  const apart = createHash('sha256').update(path).digest('hex').slice(0, 8);
  const stateDir =
    options.state === undefined
      ? join(environment.stateDir, `${name}-${apart}`)
      : localPath(options.state, environment);
  return { path, branch: options.branch, folder: options.folder, name, stateDir, worktree: options.worktree ?? false };
}

/** Opens the parts. @throws {PlumblineError} StateUnavailable when the state file cannot be used. */
export function openLocalFleet(place: FleetPlace, environment: Environment): LocalFleet {
  const file = new StateFile(join(place.stateDir, 'state.db'));
  const blobs = new FileBlobStore(join(place.stateDir, 'blobs'));
  const eks = { fleet: place.name, externalId: environment.eksExternalId };
  return {
    place,
    state: new SqliteStateStore(file),
    queue: new SqliteQueue(file),
    blobs,
    sources: {
      fleet: place.worktree ? new WorktreeSource(place.path) : new GitSource(place.path),
      ...openLocalSources({
        fleet: place.name,
        externalId: environment.eksExternalId,
        homeDir: environment.homeDir,
        base: place.path,
        credentialsDir: join(environment.configDir, 'git'),
      }),
    },
    clusters: createClusterConnector([lateLocator(eks)], {
      others: createKubeconfigConnector({
        kubeconfigVariable: environment.kubeconfigVariable,
        homeDirectory: environment.homeDir,
        baseDirectory: place.path,
      }),
    }),
    directory: lateDirectory(eks),
    outsideValues: outsideValues(lateParameters(), lateStackOutputs()),
    newNonce: () => randomBytes(16).toString('hex'),
    monotonicMs: () => performance.now(),
    removeOldBlobs: () => blobs.removeOlderThan(BLOB_LIFE_MS),
    close: () => file.close(),
  };
}

function defaultName(path: string): string {
  return basename(path)
    .replace(/\.git$/, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
}
