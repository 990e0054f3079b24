/**
 * Checks the settings and fills in what was left out. What TypeScript sees already (missing and unknown fields) is not
 * checked again; what it cannot see (ARNs, lengths, names that refer to each other) is.
 */

import type { PlumblineConfig, WebhookSetting } from './config.ts';
import { watchedRepositories } from './watched-repositories.ts';

export type CheckedWebhooks = WebhookSetting & { readonly concurrency: number | 'shared' };

/** Every setting has a value; only what may truly be absent is optional. */
export interface CheckedConfig
  extends Required<Omit<PlumblineConfig, 'webhooks' | 'alarmEmail' | 'place' | 'zones' | 'concurrency'>> {
  readonly webhooks?: CheckedWebhooks;
  readonly alarmEmail?: string;
  readonly place?: { readonly account: string; readonly region: string };
  readonly zones?: readonly [string, string];
  readonly concurrency: { readonly clusters: number; readonly renders: number };
}

/** Numbers of days that CloudWatch Logs keeps logs for: PutRetentionPolicy, up to a year. */
const RETENTION_DAYS: readonly number[] = [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365];
const MAX_CONCURRENCY = 1_000;

const NAME = /^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$/;
/** `plumbline-<fleet>-reconcile-cluster-<network>` names a function and a role: 64 characters at most. */
const FLEET_NAME = /^[a-z0-9]([a-z0-9-]{0,18}[a-z0-9])?$/;
const NETWORK_NAME = /^[a-z0-9]([a-z0-9-]{0,13}[a-z0-9])?$/;
const REGION = /^[a-z]{2,4}(-[a-z]+)+-\d$/;
const ZONE = /^[a-z]{2,4}(-[a-z]+)+-\d[a-z]$/;
const ACCOUNT = /^\d{12}$/;
const ROLE_ARN = /^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]+$/;
const SECRET_ARN = /^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:[\w/+=.@-]+-[A-Za-z0-9]{6}$/;
/** A star alone would be every secret of the account. */
const PARAMETER_NAME = /^(?=.*[\w-])[\w./*-]+$/;
const STACK_NAME = /^(?=.*[a-zA-Z0-9])[a-zA-Z0-9*-]+$/;
const ECR_ARN = /^arn:aws[a-z-]*:ecr:[a-z0-9-]+:\d{12}:repository\/[a-z0-9][a-z0-9._/-]*$/;
const BUCKET_NAME = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
const KEY_PREFIX = /^[\w!'().-][\w!'()./-]*$/;
const EXTERNAL_ID = /^[\w+=,.@:/-]{2,64}$/;
const CODECOMMIT_NAME = /^[\w.-]{1,100}$/;
/** `https` alone: what is cloned decides what runs in the clusters. */
const GIT_URL = /^https:\/\/[^\s@]+$/;

interface Rule {
  readonly setting: string;
  readonly value: unknown;
  readonly expected: string;
  readonly isRight: boolean;
}

/**
 * Returns the settings with all defaults.
 *
 * @throws {Error} with a line for each setting that is wrong.
 */
export function checkConfig(config: PlumblineConfig): CheckedConfig {
  const checked = withDefaults(config);
  const rules = [placeRules, repositoryRules, accessRules, targetRules, numberRules];
  const wrong = rules
    .flatMap((rulesOf) => rulesOf(checked))
    .filter(({ isRight }) => !isRight)
    .map(
      ({ setting, value, expected }) =>
        `plumbline.config.ts: read ${setting}: it is ${JSON.stringify(value)}; give ${expected}`,
    );
  if (wrong.length > 0) throw new Error(wrong.join('\n'));
  return checked;
}

function withDefaults(config: PlumblineConfig): CheckedConfig {
  const { webhooks, concurrency, ...rest } = config;
  return {
    branch: 'main',
    folder: 'plumbline',
    codecommitRepositories: [],
    gitSecrets: {},
    ecrRepositoryArns: [],
    manifestBuckets: [],
    values: {},
    clusterRoleArns: [],
    targets: [],
    externalId: `plumbline-${config.fleet}`,
    networks: {},
    checkMinutes: 5,
    logRetentionDays: 30,
    auditActions: false,
    dataOnDestroy: 'keep',
    ...rest,
    concurrency: { clusters: 20, renders: 5, ...concurrency },
    ...(webhooks === undefined ? {} : { webhooks: { concurrency: 5, ...webhooks } }),
  };
}

function placeRules({ fleet, branch, folder, place, zones, alarmEmail }: CheckedConfig): readonly Rule[] {
  return [
    matches('fleet', fleet, FLEET_NAME, 'lower case letters, digits and "-", at most 20'),
    matches('branch', branch, /^[^\s~^:?*[\\]+$/, 'the name of a branch'),
    matches('folder', folder, /^[^/\s][^\s]*$/, 'a path below the root of the repository, without "/" before it'),
    ...(place === undefined
      ? []
      : [
          matches('place.account', place.account, ACCOUNT, 'the 12 digits of an account'),
          matches('place.region', place.region, REGION, 'a Region like "eu-west-1"'),
        ]),
    ...(zones === undefined ? [] : [eachMatches('zones', zones, ZONE, 'two zones like "eu-west-1a"')]),
    ...(alarmEmail === undefined ? [] : [matches('alarmEmail', alarmEmail, /^\S+@\S+$/, 'an e-mail address')]),
  ];
}

function repositoryRules(config: CheckedConfig): readonly Rule[] {
  const { repository, codecommitRepositories, gitSecrets, ecrRepositoryArns, manifestBuckets } = config;
  const named = [
    ...('codecommit' in repository ? [{ at: 'repository.codecommit', setting: repository.codecommit }] : []),
    ...codecommitRepositories.map((setting, index) => ({ at: `codecommitRepositories[${index}]`, setting })),
  ];
  const git = 'git' in repository ? repository.git : undefined;
  const { credentials } = git ?? {};
  return [
    ...named.flatMap(({ at, setting: { name, region, account, roleArn } }) => [
      matches(`${at}.name`, name, CODECOMMIT_NAME, 'the name of a CodeCommit repository'),
      matches(`${at}.region`, region, REGION, 'a Region like "eu-west-1"'),
      ...(account === undefined ? [] : [matches(`${at}.account`, account, ACCOUNT, 'the 12 digits of an account')]),
      ...(roleArn === undefined ? [] : [matches(`${at}.roleArn`, roleArn, ROLE_ARN, 'the ARN of a role')]),
    ]),
    ...(git === undefined
      ? []
      : [matches('repository.git.url', git.url, GIT_URL, 'an https address without a user in it')]),
    ...(credentials === undefined
      ? []
      : [
          {
            setting: 'repository.git.credentials',
            value: credentials,
            expected: `a name of gitSecrets (${Object.keys(gitSecrets).join(', ') || 'which has none'})`,
            isRight: credentials in gitSecrets,
          },
        ]),
    ...ecrRepositoryArns.map((arn, index) =>
      matches(`ecrRepositoryArns[${index}]`, arn, ECR_ARN, 'the ARN of one repository of ECR, without "*"'),
    ),
    ...manifestBuckets.flatMap(({ bucket, prefix, roleArn }, index) => [
      matches(`manifestBuckets[${index}].bucket`, bucket, BUCKET_NAME, 'the name of a bucket'),
      ...(prefix === undefined
        ? []
        : [matches(`manifestBuckets[${index}].prefix`, prefix, KEY_PREFIX, 'the beginning of keys, without "*"')]),
      ...(roleArn === undefined
        ? []
        : [matches(`manifestBuckets[${index}].roleArn`, roleArn, ROLE_ARN, 'the ARN of a role')]),
    ]),
    ...Object.entries(gitSecrets).map(([name, arn]) =>
      matches(`gitSecrets.${name}`, arn, SECRET_ARN, 'the whole ARN of a secret, with the 6 characters at its end'),
    ),
  ];
}

function accessRules({ clusterRoleArns, externalId, networks, webhooks, values }: CheckedConfig): readonly Rule[] {
  const { parameters = [], stacks = [] } = values;
  return [
    ...parameters.map((name, index) =>
      matches(
        `values.parameters[${index}]`,
        name,
        PARAMETER_NAME,
        'the name of a parameter, like "/web/*", more than a star',
      ),
    ),
    ...stacks.map((name, index) =>
      matches(`values.stacks[${index}]`, name, STACK_NAME, 'the name of a stack, like "network-*", more than a star'),
    ),
    matches('externalId', externalId, EXTERNAL_ID, '2 to 64 letters, digits and characters of "+=,.@:/-_"'),
    ...clusterRoleArns.map((arn, index) =>
      matches(`clusterRoleArns[${index}]`, arn, ROLE_ARN, 'the ARN of one role, without "*"'),
    ),
    ...Object.entries(networks).flatMap(([name, { vpcId, subnetIds, securityGroupIds }]) => [
      matches('the name of a network', name, NETWORK_NAME, 'lower case letters, digits and "-", at most 15'),
      matches(`networks.${name}.vpcId`, vpcId, /^vpc-[0-9a-f]+$/, 'an id like "vpc-0123abcd"'),
      eachMatches(`networks.${name}.subnetIds`, subnetIds, /^subnet-[0-9a-f]+$/, 'ids like "subnet-0123abcd"'),
      eachMatches(`networks.${name}.securityGroupIds`, securityGroupIds, /^sg-[0-9a-f]+$/, 'ids like "sg-0123abcd"'),
    ]),
    ...Object.entries(webhooks?.senders ?? {}).flatMap(([sender, arn]) => [
      matches('the name of a sender', sender, NAME, 'lower case letters, digits and "-", at most 32'),
      matches(`webhooks.senders.${sender}`, arn, SECRET_ARN, 'the whole ARN of a secret'),
    ]),
  ];
}

function targetRules(config: CheckedConfig): readonly Rule[] {
  const { targets, place } = config;
  const hasForeign = watchedRepositories(config).some(({ account }) => account !== undefined);
  const wantsPlace = targets.length > 0 || hasForeign;
  const expected = 'the account and Region of the installation, so that targets can name it';
  return [
    { setting: 'place', value: place, expected, isRight: place !== undefined || !wantsPlace },
    ...targets.flatMap(({ account, region, clusters }, index) => [
      matches(`targets[${index}].account`, account, ACCOUNT, 'the 12 digits of an account'),
      matches(`targets[${index}].region`, region, REGION, 'a Region like "eu-west-1"'),
      eachMatches(`targets[${index}].clusters`, clusters, /^[A-Za-z0-9][\w-]{0,99}$/, 'names of EKS clusters'),
    ]),
  ];
}

function numberRules(config: CheckedConfig): readonly Rule[] {
  const { checkMinutes, logRetentionDays, concurrency, webhooks } = config;
  const webhookConcurrency = webhooks?.concurrency ?? 'shared';
  return [
    within('checkMinutes', checkMinutes, 1, 60),
    within('concurrency.clusters', concurrency.clusters, 2, MAX_CONCURRENCY),
    within('concurrency.renders', concurrency.renders, 2, MAX_CONCURRENCY),
    ...(webhookConcurrency === 'shared'
      ? []
      : [within('webhooks.concurrency', webhookConcurrency, 1, MAX_CONCURRENCY)]),
    {
      setting: 'logRetentionDays',
      value: logRetentionDays,
      expected: `one of ${RETENTION_DAYS.join(', ')}`,
      isRight: RETENTION_DAYS.includes(logRetentionDays),
    },
  ];
}

function matches(setting: string, value: string, pattern: RegExp, expected: string): Rule {
  return { setting, value, expected, isRight: pattern.test(value) };
}

function eachMatches(setting: string, value: readonly string[], pattern: RegExp, expected: string): Rule {
  return { setting, value, expected, isRight: value.length > 0 && value.every((entry) => pattern.test(entry)) };
}

function within(setting: string, value: number, least: number, most: number): Rule {
  const isRight = Number.isInteger(value) && value >= least && value <= most;
  return { setting, value, expected: `a whole number from ${least} to ${most}`, isRight };
}
