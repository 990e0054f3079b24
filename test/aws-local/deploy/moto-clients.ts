/** Clients of moto itself, past the gateway: for what CloudFormation, Lambda's pollers and tests do. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { KMSClient } from '@aws-sdk/client-kms';
import { S3Client } from '@aws-sdk/client-s3';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { Moto } from '../../aws/moto.ts';

export interface MotoClients {
  readonly dynamodb: DynamoDBClient;
  readonly kms: KMSClient;
  readonly s3: S3Client;
  readonly secrets: SecretsManagerClient;
  readonly sqs: SQSClient;
  destroy(): void;
}

export function openMotoClients({ url, region, credentials }: Moto): MotoClients {
  const settings = { endpoint: url, region, credentials };
  const clients = {
    dynamodb: new DynamoDBClient(settings),
    kms: new KMSClient(settings),
    s3: new S3Client({ ...settings, forcePathStyle: true }),
    secrets: new SecretsManagerClient(settings),
    // Queue addresses are the gateway's; polls go to moto all the same.
    sqs: new SQSClient({ ...settings, useQueueUrlAsEndpoint: false }),
  };
  return {
    ...clients,
    destroy: () => {
      for (const client of Object.values(clients)) client.destroy();
    },
  };
}
