/** Buckets from the command line, with the AWS credentials of the environment. Loaded by the first command that reads from one. */
import type { BucketPlace } from '../shared/adapters/s3-source/make-client.ts';
import type { Source } from '../shared/job/ports.ts';

interface BucketSettings {
  readonly fleet: string;
  /** What the bucket's role may ask for (`sts:ExternalId`). */
  readonly externalId: string | undefined;
}

export function lateBucket(place: BucketPlace, settings: BucketSettings): Source {
  let loaded: Promise<Source> | undefined;
  const source = (): Promise<Source> => {
    loaded ??= load(place, settings);
    return loaded;
  };
  return {
    resolve: async (ref) => (await source()).resolve(ref),
    snapshot: async (revision) => (await source()).snapshot(revision),
    log: async (revision, options) => (await source()).log(revision, options),
  };
}

async function load(place: BucketPlace, { fleet, externalId }: BucketSettings): Promise<Source> {
  const [{ makeBucketClient }, { S3Source }] = await Promise.all([
    import('../shared/adapters/s3-source/make-client.ts'),
    import('../shared/adapters/s3-source/s3-source.ts'),
  ]);
  return new S3Source(place, makeBucketClient(place, { sessionName: `plumbline-${fleet}`, externalId }));
}
