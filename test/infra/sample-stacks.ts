/** Installations that the tests synthesize, with functions that do nothing: their code is not what is looked at. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { checkConfig } from '../../infra/checked-config.ts';
import type { PlumblineConfig } from '../../infra/config.ts';
import { plumblineApp } from '../../infra/plumbline-app.ts';
import type { FunctionName } from '../../shared/config/names.ts';
import { type Template, templateSchema } from './template.ts';

/** The least that can be said. */
export const SMALLEST: PlumblineConfig = {
  fleet: 'prod',
  repository: { codecommit: { name: 'fleet', region: 'eu-west-1' } },
};

/** Everything that can be said. */
export const LARGEST: PlumblineConfig = {
  fleet: 'prod',
  repository: { git: { url: 'https://git.example.com/platform/fleet.git', credentials: 'forge' } },
  branch: 'release',
  folder: 'clusters',
  codecommitRepositories: [
    { name: 'shop', region: 'eu-west-1' },
    {
      name: 'web',
      region: 'us-east-1',
      account: '222222222222',
      roleArn: 'arn:aws:iam::222222222222:role/plumbline-reads-web',
    },
  ],
  gitSecrets: { forge: 'arn:aws:secretsmanager:eu-west-1:111111111111:secret:forge-AbCdEf' },
  values: { parameters: ['/web/*', 'host'], stacks: ['network-*'] },
  ecrRepositoryArns: ['arn:aws:ecr:eu-west-1:111111111111:repository/charts/web'],
  manifestBuckets: [{ bucket: 'manifests', prefix: 'prod/' }],
  clusterRoleArns: [
    'arn:aws:iam::222222222222:role/plumbline-prod-eu-west-1',
    'arn:aws:iam::222222222222:role/plumbline-prod-us-east-1',
  ],
  targets: [
    { account: '222222222222', region: 'eu-west-1', clusters: ['shop-prod', 'shop-test'] },
    { account: '222222222222', region: 'us-east-1', clusters: ['web-prod'], rights: 'admin' },
  ],
  externalId: 'of-the-platform-team',
  networks: {
    bank: {
      vpcId: 'vpc-0aaaaaaaaaaaaaaaa',
      subnetIds: ['subnet-0aaaaaaaaaaaaaaaa', 'subnet-0bbbbbbbbbbbbbbbb'],
      securityGroupIds: ['sg-0aaaaaaaaaaaaaaaa'],
      egress: 'endpoints',
    },
    shops: {
      vpcId: 'vpc-0cccccccccccccccc',
      subnetIds: ['subnet-0cccccccccccccccc'],
      securityGroupIds: ['sg-0cccccccccccccccc'],
      egress: 'nat',
    },
  },
  webhooks: {
    senders: { github: 'arn:aws:secretsmanager:eu-west-1:111111111111:secret:github-AbCdEf' },
    concurrency: 4,
  },
  checkMinutes: 10,
  concurrency: { clusters: 50, renders: 8 },
  alarmEmail: 'platform@example.com',
  logRetentionDays: 7,
  auditActions: true,
  dataOnDestroy: 'delete',
  place: { account: '111111111111', region: 'eu-west-1' },
};

export interface Synthesized {
  /** As it was written, byte for byte. */
  readonly text: string;
  readonly path: string;
  readonly template: Template;
  readonly outdir: string;
  /** Stacks for other accounts and Regions, by name. */
  readonly targets: ReadonlyMap<string, Template>;
}

/** Returns what synth writes; the folder goes when the test file ends. @throws {Error} on a finding of cdk-nag. */
export function synthesize(config: PlumblineConfig): Synthesized {
  const folder = mkdtempSync(join(tmpdir(), 'plumbline-synth-'));
  after(() => rmSync(folder, { recursive: true, force: true }));
  return synthesizeInto(folder, config);
}

export function synthesizeInto(folder: string, config: PlumblineConfig): Synthesized {
  const outdir = join(folder, 'out');
  const { app, stack } = plumblineApp(outdir, {
    config: checkConfig(config),
    codeFolder: (name) => emptyFunction(folder, name),
  });
  const { stacks } = app.synth();
  const path = join(outdir, stack.templateFile);
  const text = readFileSync(path, 'utf8');
  const targets = new Map(
    stacks
      .filter(({ stackName }) => stackName !== stack.stackName)
      .map(({ stackName, template }) => [stackName, templateSchema.parse(template)]),
  );
  return { text, path, template: templateSchema.parse(JSON.parse(text)), outdir, targets };
}

function emptyFunction(folder: string, name: FunctionName): string {
  const code = join(folder, 'code', name);
  mkdirSync(code, { recursive: true });
  writeFileSync(join(code, 'index.mjs'), `export const handler = async () => '${name}';\n`);
  return code;
}
