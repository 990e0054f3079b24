/** The settings of one installation: what `plumbline.config.ts` at the root of the checkout holds. */

export interface PlumblineConfig {
  /**
   * Name of the fleet: lower case letters, digits and `-`, at most 20. Part of every name that we make, those of roles
   * included: no two installations in one account have the same, in whichever Regions they are.
   */
  readonly fleet: string;
  /** The repository that holds the declarations. One in CodeCommit is watched without being named again. */
  readonly repository: RepositorySetting;
  /** Branch of the fleet repository. Default: `main`. */
  readonly branch?: string;
  /** Folder of the declarations in it. Default: `plumbline`. */
  readonly folder?: string;
  /** CodeCommit repositories that applications come from: a push to one wakes the fleet, and the planner may read it. */
  readonly codecommitRepositories?: readonly CodeCommitSetting[];
  /**
   * Secrets for repositories elsewhere: the name that a Repository gives as `credentials`, to the ARN of a secret in
   * Secrets Manager. Only the planner may read them. A secret that is encrypted with a key of yours, not with
   * `aws/secretsmanager`, needs that key's policy to let the role `plumbline-<fleet>-plan-fleet` decrypt.
   */
  readonly gitSecrets?: Readonly<Record<string, string>>;
  /**
   * Repositories of ECR that the planner may pull charts and artifacts from, by exact ARN; another account's have to let
   * the role `plumbline-<fleet>-plan-fleet` in by a policy of their own. Other registries need no right but a secret,
   * named in `gitSecrets`. Default: none.
   */
  readonly ecrRepositoryArns?: readonly string[];
  /**
   * Buckets that the planner may read manifests from (`spec.s3` of a Repository): the name, with a prefix where that is
   * all it may see. One that is encrypted with a key of yours needs that key's policy to let the role
   * `plumbline-<fleet>-plan-fleet` decrypt. Default: none.
   */
  readonly manifestBuckets?: readonly ManifestBucketSetting[];
  /**
   * What renderings may be told of AWS (docs/values.md). The planner alone may read it; of everything else it has no
   * right to read a parameter or a stack. Default: nothing.
   */
  readonly values?: ValuesSetting;
  /**
   * Roles that the workers may assume, by exact ARN: each `spec.eks.roleArn` of a Cluster and each of `roleArns` of a
   * ClusterSet has to be here. A cluster without a role is reached with the worker's own. Default: none.
   */
  readonly clusterRoleArns?: readonly string[];
  /**
   * Accounts and Regions with clusters, for which synth makes a stack each: the role that workers assume there
   * (`arn:aws:iam::<account>:role/plumbline-<fleet>-<region>`, to be listed in `clusterRoleArns`) and its entry into the
   * clusters. Whoever manages that account deploys it. Default: none, the roles come from elsewhere.
   */
  readonly targets?: readonly TargetSetting[];
  /** What the trust policies of those roles ask for (`sts:ExternalId`). Default: `plumbline-` and the fleet's name. */
  readonly externalId?: string;
  /**
   * Private networks that clusters name in `spec.eks.network`: each gets a worker and a queue of its own. A name has at
   * most 15 letters, digits and `-`.
   */
  readonly networks?: Readonly<Record<string, NetworkSetting>>;
  /**
   * Two Availability Zones for the network that the renderer is closed in. Default: the first two of the Region. Lambda is
   * not in every zone of every account ("availability zone Lambda doesn't support", seen in us-east-1): then name others
   * before the first deployment.
   */
  readonly zones?: readonly [string, string];
  /** A public URL that forges call. Default: none, then the fleet's branch is only looked at every few minutes. */
  readonly webhooks?: WebhookSetting;
  /** How often a quiet cluster is looked at. Whole minutes, 1 to 60; default 5. */
  readonly checkMinutes?: number;
  /** How many may run at once. The defaults want a quota of Lambda concurrency of 50; a new account may have 10. */
  readonly concurrency?: ConcurrencySetting;
  /** Where alarms and what went wrong are sent to; the address has to be confirmed once. Default: nobody. */
  readonly alarmEmail?: string;
  /** How long logs are kept: one of the numbers of days that CloudWatch Logs knows. Default 30. */
  readonly logRetentionDays?: number;
  /**
   * Keeps for a year, in a bucket of its own, which identity invoked `fleet-action`: who asked for what (docs/security.md).
   * CloudTrail charges for it by the event. Default: false.
   */
  readonly auditActions?: boolean;
  /** What happens to the table, the bucket and the key when the stack goes. Default: `keep`. */
  readonly dataOnDestroy?: 'keep' | 'delete';
  /**
   * Where it is installed. Needed for `targets` and for repositories of other accounts. Default: the account and Region
   * of whoever deploys.
   */
  readonly place?: { readonly account: string; readonly region: string };
}

export type RepositorySetting = { readonly codecommit: CodeCommitSetting } | { readonly git: GitSetting };

export interface CodeCommitSetting {
  readonly name: string;
  readonly region: string;
  /** Owner, 12 digits. Default: the account of the installation. Events of others come by `EventForwarding`. */
  readonly account?: string;
  /** Role of another account that may read it. Default: the planner's own. */
  readonly roleArn?: string;
}

export interface GitSetting {
  /** `https://...` */
  readonly url: string;
  /** A name of `gitSecrets`; a public repository needs none. */
  readonly credentials?: string;
  /** Certificates (PEM) of authorities of your own that may have signed that of the server. */
  readonly ca?: string;
}

/** Names in the account of the installation; `*` stands for any characters. */
export interface ValuesSetting {
  /**
   * Parameters of Systems Manager: `/web/*`. A SecureString that is encrypted with a key of yours, not with `aws/ssm`,
   * needs that key's policy to let the role `plumbline-<fleet>-plan-fleet` decrypt.
   */
  readonly parameters?: readonly string[];
  /** CloudFormation stacks, whose outputs are read: `network-*`. */
  readonly stacks?: readonly string[];
}

export interface ManifestBucketSetting {
  readonly bucket: string;
  /** Default: all of it. */
  readonly prefix?: string;
  /** Role of another account that may read it. Default: the planner's own. */
  readonly roleArn?: string;
}

export interface NetworkSetting {
  readonly vpcId: string;
  /** Where the worker stands; two, in different zones. */
  readonly subnetIds: readonly string[];
  /** The clusters' security groups have to let these in at port 443. */
  readonly securityGroupIds: readonly string[];
  /** How the worker reaches AWS from there: by a NAT gateway, or by interface endpoints that synth names and prices. */
  readonly egress: 'endpoints' | 'nat';
}

export interface TargetSetting {
  readonly account: string;
  readonly region: string;
  /** Names of EKS clusters; they have to know access entries (authentication mode API or API_AND_CONFIG_MAP). */
  readonly clusters: readonly string[];
  /**
   * What the role may do in them. `group`: it is in the Kubernetes group `plumbline`, to which someone binds what
   * examples/cluster-access/rbac.yaml describes. `admin`: everything. Default: `group`.
   */
  readonly rights?: 'group' | 'admin';
}

export interface WebhookSetting {
  /**
   * Sender (the last part of the URL's path) to the ARN of the secret that it signs with. As with `gitSecrets`, a key of
   * yours has to let `plumbline-<fleet>-on-webhook` decrypt.
   */
  readonly senders: Readonly<Record<string, string>>;
  /**
   * At most so many at once, since anyone may call a public URL; taken from the account's concurrency. `shared`: no
   * limit of its own, for accounts whose quota allows no reservation. Default 5.
   */
  readonly concurrency?: number | 'shared';
}

export interface ConcurrencySetting {
  /** Clusters reconciled at once, for each network: 2 to 1000. Default 20. */
  readonly clusters?: number;
  /** Charts rendered at once: 2 to 1000. Default 5. */
  readonly renders?: number;
}
