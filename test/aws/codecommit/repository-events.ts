/**
 * What EventBridge tells about a push: one event a ref, in the shapes of the CodeCommit user guide, "Monitoring
 * CodeCommit events" (a deleted ref has no `commitId`, a created one no `oldCommitId`).
 */
import { createHash, randomUUID } from 'node:crypto';

export interface CodeCommitEvent {
  readonly version: '0';
  readonly id: string;
  readonly 'detail-type': 'CodeCommit Repository State Change';
  readonly source: 'aws.codecommit';
  readonly account: string;
  readonly time: string;
  readonly region: string;
  readonly resources: readonly string[];
  readonly detail: {
    readonly event: 'referenceCreated' | 'referenceUpdated' | 'referenceDeleted';
    readonly repositoryName: string;
    readonly repositoryId: string;
    readonly referenceType: 'branch' | 'tag';
    readonly referenceName: string;
    readonly referenceFullName: string;
    readonly commitId?: string;
    readonly oldCommitId?: string;
  };
}

export interface EventPlace {
  readonly account: string;
  readonly region: string;
  readonly repository: string;
}

type Refs = ReadonlyMap<string, string>;

/** Returns an event for each branch and tag that differs, in order of their names. */
export function eventsOfPush(place: EventPlace, before: Refs, after: Refs): readonly CodeCommitEvent[] {
  const names = [...new Set([...before.keys(), ...after.keys()])].sort();
  return names.flatMap((name) => {
    const [oldCommitId, commitId] = [before.get(name), after.get(name)];
    const [, folder, ...rest] = name.split('/');
    if (oldCommitId === commitId || (folder !== 'heads' && folder !== 'tags')) return [];
    const event =
      oldCommitId === undefined ? 'referenceCreated' : commitId === undefined ? 'referenceDeleted' : 'referenceUpdated';
    const reference = {
      referenceType: folder === 'heads' ? 'branch' : 'tag',
      referenceName: rest.join('/'),
      referenceFullName: name,
    } as const;
    const commits = { ...(commitId && { commitId }), ...(oldCommitId && { oldCommitId }) };
    return [toEvent(place, { event, ...reference, ...commits })];
  });
}

function toEvent(
  { account, region, repository }: EventPlace,
  detail: Omit<CodeCommitEvent['detail'], 'repositoryName' | 'repositoryId'>,
): CodeCommitEvent {
  return {
    version: '0',
    id: randomUUID(),
    'detail-type': 'CodeCommit Repository State Change',
    source: 'aws.codecommit',
    account,
    time: new Date().toISOString().replace(/\.\d+Z$/, 'Z'),
    region,
    resources: [`arn:aws:codecommit:${region}:${account}:${repository}`],
    detail: { ...detail, repositoryName: repository, repositoryId: repositoryId(repository) },
  };
}

/** The same for a name at every start. */
export function repositoryId(name: string): string {
  const digest = createHash('sha256').update(name).digest('hex');
  return digest.slice(0, 32).replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, '$1-$2-$3-$4-$5');
}
