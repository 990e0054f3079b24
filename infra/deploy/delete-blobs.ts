import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { DeleteObjectsCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { FUNCTION_VARIABLES } from '../../shared/config/names.ts';

/**
 * Deletes everything in the bucket of an installation, since CloudFormation deletes only empty ones. Returns how many
 * objects there were. Their names and the fleet's digests are gone with them: nothing can be brought back.
 *
 * @throws {Error} when there is no such installation or something could not be deleted.
 */
export async function deleteBlobs(fleet: string, region: string | undefined): Promise<number> {
  const place = region === undefined ? {} : { region };
  const FunctionName = `plumbline-${fleet}-plan-fleet`;
  const { Environment } = await new LambdaClient(place).send(new GetFunctionConfigurationCommand({ FunctionName }));
  const Bucket = Environment?.Variables?.[FUNCTION_VARIABLES.bucket];
  if (Bucket === undefined)
    throw new Error(`function ${FunctionName}: find its bucket: it names none; delete it by hand`);
  const s3 = new S3Client(place);
  for (let deleted = 0; ; ) {
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket }));
    const Objects = Contents.flatMap(({ Key }) => (Key === undefined ? [] : [{ Key }]));
    if (Objects.length === 0) return deleted;
    const { Errors = [] } = await s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects, Quiet: true } }));
    const [first] = Errors;
    if (first !== undefined) throw new Error(`bucket ${Bucket}: delete ${first.Key}: ${first.Message}; try again`);
    deleted += Objects.length;
  }
}
