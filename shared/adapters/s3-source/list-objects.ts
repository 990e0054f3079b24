import { ListObjectsV2Command, type S3Client } from '@aws-sdk/client-s3';

export interface ListedObject {
  readonly key: string;
  /** Another one whenever the object was written anew. */
  readonly etag: string;
  readonly sizeBytes: number;
  readonly writtenAtMs: number;
}

/** Returns the objects whose keys begin with `prefix`, at most `limit` and one; marks of folders are left out. */
export async function listObjects(
  client: S3Client,
  { bucket, prefix, limit }: { readonly bucket: string; readonly prefix: string; readonly limit: number },
): Promise<readonly ListedObject[]> {
  const found: ListedObject[] = [];
  let token: string | undefined;
  do {
    const answer = await client.send(
      new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, ContinuationToken: token }),
    );
    for (const { Key: key = '', ETag: etag = '', Size: sizeBytes = 0, LastModified } of answer.Contents ?? []) {
      if (!key.endsWith('/')) found.push({ key, etag, sizeBytes, writtenAtMs: LastModified?.getTime() ?? 0 });
    }
    token = answer.NextContinuationToken;
  } while (token !== undefined && found.length <= limit);
  return found.slice(0, limit + 1);
}
