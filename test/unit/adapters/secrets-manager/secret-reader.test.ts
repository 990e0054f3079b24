import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { CreateSecretCommand, PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SecretReader } from '../../../../shared/adapters/secrets-manager/secret-reader.ts';
import { PlumblineError } from '../../../../shared/errors.ts';
import { startCommandLog } from '../../../aws/command-log.ts';
import { type Moto, startMoto } from '../../../aws/moto.ts';
import { pythonIsMissing } from '../../../aws/python-tools.ts';
import { startScriptedAws } from '../../../aws/scripted-aws.ts';

const FIVE_MINUTES_MS = 300_000;

describe('secrets of Secrets Manager', { skip: pythonIsMissing }, () => {
  let moto: Moto;
  before(async () => {
    moto = await startMoto();
  });
  after(() => moto.stop());

  const open = async (value: { readonly SecretString: string } | { readonly SecretBinary: Uint8Array }) => {
    const { sent, logger } = startCommandLog();
    const { region, url: endpoint, credentials } = moto;
    const client = new SecretsManagerClient({ region, endpoint, credentials, logger });
    const { ARN: arn = '' } = await client.send(new CreateSecretCommand({ Name: randomUUID(), ...value }));
    sent.length = 0;
    const clock = { ms: 0 };
    return { client, arn, sent, clock, secrets: new SecretReader(client, () => clock.ms) };
  };
  const rotate = (client: SecretsManagerClient, SecretId: string, SecretString: string) =>
    client.send(new PutSecretValueCommand({ SecretId, SecretString }));

  it('has no previous value until it is rotated; then both are valid', async () => {
    const { client, arn, secrets, clock } = await open({ SecretString: 'first' });
    assert.deepEqual(await secrets.read(arn), { current: 'first' });

    await rotate(client, arn, 'second');
    clock.ms += FIVE_MINUTES_MS;

    assert.deepEqual(await secrets.read(arn), { current: 'second', previous: 'first' });
    client.destroy();
  });

  it('are asked for twice in five minutes, however many ask at once or later', async () => {
    const { client, arn, secrets, clock, sent } = await open({ SecretString: 'value' });

    await Promise.all([secrets.read(arn), secrets.read(arn), secrets.read(arn)]);
    clock.ms += FIVE_MINUTES_MS - 1;
    await secrets.read(arn);
    assert.deepEqual(sent, ['GetSecretValue', 'GetSecretValue']);

    clock.ms += 1;
    await secrets.read(arn);
    assert.equal(sent.length, 4);
    client.destroy();
  });

  it('may be binary', async () => {
    const { client, arn, secrets } = await open({ SecretBinary: new TextEncoder().encode('wörd') });

    assert.deepEqual(await secrets.read(arn), { current: 'wörd' });
    client.destroy();
  });

  it('are named when there is no such secret, and asked for again by the next one', async () => {
    const { client, arn, secrets, sent } = await open({ SecretString: 'value' });
    const missing = `${arn}-gone`;
    const isMissing = (error: unknown) => {
      assert.ok(error instanceof PlumblineError);
      assert.equal(error.code, 'ConfigInvalid');
      assert.ok(error.message.startsWith(`secret ${missing}: read: there is no such secret`), error.message);
      return true;
    };

    await assert.rejects(secrets.read(missing), isMissing);
    await assert.rejects(secrets.read(missing), isMissing);
    assert.equal(sent.length, 4);
    client.destroy();
  });
});

describe('secrets of a Secrets Manager that refuses', () => {
  const run = async (type: string, act: (secrets: SecretReader) => Promise<void>) => {
    const aws = await startScriptedAws(() => ({ status: 400, body: { __type: type, message: 'as the test says' } }));
    const client = new SecretsManagerClient(aws.settings);
    try {
      await act(new SecretReader(client));
    } finally {
      client.destroy();
      await aws.stop();
    }
  };

  it('are out of service when access is denied', async () => {
    await run('AccessDeniedException', async (secrets) => {
      await assert.rejects(secrets.read('arn:x'), {
        code: 'StateUnavailable',
        message: /^secret arn:x: read: .*; allow/,
      });
    });
  });

  it('are throttled when it says so', async () => {
    await run('ThrottlingException', async (secrets) => {
      await assert.rejects(secrets.read('arn:x'), { code: 'Throttled' });
    });
  });
});
