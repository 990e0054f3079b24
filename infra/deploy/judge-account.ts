import type { CheckedConfig } from '../checked-config.ts';
import type { CodeCommitSetting } from '../config.ts';
import { watchedRepositories } from '../watched-repositories.ts';
import type { Account } from './account.ts';

export interface Judgement {
  /** Why it cannot be deployed now, in our format; empty: it can. */
  readonly missing: readonly string[];
  /** What else someone should know. */
  readonly notes: readonly string[];
}

/** As many of Lambda's executions always stay for functions without a reservation. Source: Lambda, "Reserved concurrency". */
const ALWAYS_UNRESERVED = 100;
/** A planner at a time by the protocol, two by the mapping; triggers and pages last milliseconds. */
const PLANNERS = 2;
const TRIGGERS_AND_PAGES = 2;

/** Returns how many functions may run at once when everything is busy. */
export function neededConcurrency({ concurrency, networks, webhooks }: CheckedConfig): number {
  const workers = concurrency.clusters * (1 + Object.keys(networks).length);
  // Each rendering takes two: one that waits, and one that renders.
  return PLANNERS + 2 * concurrency.renders + workers + reservedConcurrency(webhooks) + TRIGGERS_AND_PAGES;
}

function reservedConcurrency(webhooks: CheckedConfig['webhooks']): number {
  return webhooks === undefined || webhooks.concurrency === 'shared' ? 0 : webhooks.concurrency;
}

/** Returns what has to be done before this installation can be deployed to this place. */
export function judgeAccount(config: CheckedConfig, place: Account): Judgement {
  return { missing: [...placeFaults(config, place), ...quotaFaults(config, place)], notes: eventNotes(config, place) };
}

function placeFaults({ place }: CheckedConfig, { account, region, isBootstrapped }: Account): readonly string[] {
  const isElsewhere = place !== undefined && place.account !== account;
  return [
    ...(isElsewhere
      ? [
          `account ${place.account}: deploy: the credentials are of account ${account}; sign in to ${place.account}, or change place in plumbline.config.ts`,
        ]
      : []),
    ...(isBootstrapped
      ? []
      : [
          `account ${account} in ${region}: deploy: the CDK has no place for files there; run \`npx cdk bootstrap aws://${account}/${region}\` once`,
        ]),
  ];
}

function quotaFaults(config: CheckedConfig, { region, concurrency, unreserved }: Account): readonly string[] {
  const needed = neededConcurrency(config);
  const reserved = reservedConcurrency(config.webhooks);
  return [
    ...(concurrency < needed
      ? [
          `quota of Lambda in ${region}: deploy: ${concurrency} executions at once are allowed and ${needed} may be needed; ask for more (\`aws service-quotas request-service-quota-increase --service-code lambda --quota-code L-B99A9384 --desired-value 1000\`), or lower concurrency in plumbline.config.ts`,
        ]
      : []),
    ...(reserved > 0 && unreserved - reserved < ALWAYS_UNRESERVED
      ? [
          `quota of Lambda in ${region}: reserve ${reserved} executions for the webhook: ${unreserved} are unreserved and ${ALWAYS_UNRESERVED} have to stay; set webhooks.concurrency to 'shared' until the quota is raised`,
        ]
      : []),
  ];
}

/** CodeCommit tells of a push only in the account and Region of the repository. */
function eventNotes(config: CheckedConfig, { account, region }: Account): readonly string[] {
  const isForeign = (setting: CodeCommitSetting) =>
    setting.region !== region || (setting.account ?? account) !== account;
  return watchedRepositories(config)
    .filter(isForeign)
    .map(
      ({ name, region: at, account: owner = account }) =>
        `CodeCommit repository ${name}: its pushes are told in account ${owner}, ${at}; deploy the stack for that place too (docs/deploy.md), or they are seen some minutes later`,
    );
}
