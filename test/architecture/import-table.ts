/**
 * Who may import whom: the table of docs/architecture.md as data. The first rule whose `from` begins the path of the
 * importing file decides, so a narrow rule stands before a wide one.
 */
export interface ImportRule {
  readonly from: string;
  /** Folders (`shared/model/`), files, packages (`zod`), `node:*` or single built-ins; `own/` is the folder below `from`, `*` everything. */
  readonly may: readonly string[];
  /** Allowed in addition where nothing is left of it at run time. */
  readonly mayAsType?: readonly string[];
  /** Allowed in addition by `import()`. */
  readonly mayLate?: readonly string[];
}

const MODEL = ['shared/model/', 'shared/errors.ts', 'shared/config/names.ts'];
/** Hashing has no effect on anything; every other built-in reaches outside. */
const PURE = [...MODEL, 'node:crypto'];
const STAGES = [
  'shared/signatures/',
  'shared/render/',
  'shared/plan/',
  'shared/health/',
  'shared/report/',
  'shared/validate/',
];
const PORTS = [
  'shared/job/ports.ts',
  'shared/job/chart-port.ts',
  'shared/job/cluster-provider.ts',
  'shared/job/value-port.ts',
];
/** An adapter knows its own folder and the system that it speaks to. */
const ADAPTER = [...MODEL, 'own/', 'zod', 'node:*'];
/** Two stores of blobs, one way to seal them. */
const SEALING = 'shared/adapters/sealing/';
/** Services of AWS refuse in the same words and are called with the same settings: docs/decisions/0010. */
const AWS_ADAPTER = [...ADAPTER, 'shared/adapters/aws/'];
/** A tree means the same wherever it was read, and no address that is declared may lead to where credentials are. */
const GIT_ADAPTER = [
  ...ADAPTER,
  'shared/adapters/git-objects/',
  'shared/adapters/http/spoken-address.ts',
  'shared/adapters/http/read-failure.ts',
];
/** Charts and artifacts: packed alike, asked for alike; charts are in registries too, and ECR is one. */
const HTTP_ADAPTER = [...ADAPTER, 'shared/adapters/http/', 'shared/adapters/archives/'];
const ENTRY = [...MODEL, 'shared/job/', 'shared/adapters/', 'shared/config/', 'shared/report/', 'node:*'];

export const IMPORT_TABLE: readonly ImportRule[] = [
  { from: 'shared/model/', may: ['shared/model/', 'zod', 'semver'] },
  { from: 'shared/errors.ts', may: ['shared/model/'] },
  { from: 'shared/config/names.ts', may: [] },
  { from: 'shared/config/', may: [...MODEL, 'shared/config/', 'zod', 'node:*'] },
  { from: 'shared/render/', may: [...PURE, 'shared/render/', 'js-yaml', 'node:path'], mayAsType: ['zod'] },
  { from: 'shared/plan/', may: [...PURE, 'shared/plan/'] },
  // Rules of people's own are rare: what reads them is loaded where there are some.
  {
    from: 'shared/health/',
    may: [...PURE, 'shared/health/'],
    mayAsType: ['@bufbuild/cel'],
    mayLate: ['@bufbuild/cel'],
  },
  // Loaded where a signature of that kind is met.
  {
    from: 'shared/signatures/',
    may: [...PURE, 'shared/signatures/'],
    mayAsType: ['openpgp'],
    mayLate: ['openpgp'],
  },
  { from: 'shared/report/', may: [...PURE, 'shared/report/'] },
  // Rules of CRDs and policies are rare, and only validate looks at them: what reads them is loaded where there are some.
  {
    from: 'shared/validate/',
    may: [...PURE, 'shared/validate/', '@bufbuild/re2'],
    mayAsType: ['@bufbuild/cel'],
    mayLate: ['@bufbuild/cel', '@bufbuild/cel/ext'],
  },
  { from: 'shared/job/ports.ts', may: [], mayAsType: ['shared/model/', 'shared/job/cluster-port.ts'] },
  { from: 'shared/job/chart-port.ts', may: [], mayAsType: ['shared/model/'] },
  { from: 'shared/job/cluster-port.ts', may: [], mayAsType: ['shared/model/'] },
  { from: 'shared/job/cluster-provider.ts', may: [], mayAsType: ['shared/model/'] },
  { from: 'shared/job/value-port.ts', may: [], mayAsType: ['shared/model/'] },
  { from: 'shared/job/', may: [...PURE, ...STAGES, 'shared/job/', 'node:timers/promises'] },
  { from: 'shared/adapters/git/', may: [...GIT_ADAPTER, 'isomorphic-git'], mayAsType: PORTS },
  { from: 'shared/adapters/git-http/', may: GIT_ADAPTER, mayAsType: PORTS },
  {
    from: 'shared/adapters/kube/',
    may: [...ADAPTER, '@kubernetes/client-node', 'js-yaml', 'undici'],
    mayAsType: PORTS,
  },
  { from: 'shared/adapters/worktree/', may: [...ADAPTER, 'isomorphic-git'], mayAsType: PORTS },
  {
    from: 'shared/adapters/codecommit/',
    may: [...AWS_ADAPTER, '@aws-sdk/client-codecommit', '@aws-sdk/credential-providers'],
    mayAsType: [...PORTS, '@smithy/types'],
  },
  {
    from: 'shared/adapters/chart-repository/',
    may: [...HTTP_ADAPTER, 'shared/adapters/oci/', 'js-yaml'],
    mayAsType: PORTS,
  },
  {
    from: 'shared/adapters/cloudformation/',
    may: [...AWS_ADAPTER, '@aws-sdk/client-cloudformation'],
    mayAsType: PORTS,
  },
  { from: 'shared/adapters/dynamodb/', may: [...AWS_ADAPTER, '@aws-sdk/client-dynamodb'], mayAsType: PORTS },
  {
    from: 'shared/adapters/ecr/',
    may: [...AWS_ADAPTER, 'shared/adapters/http/', '@aws-sdk/client-ecr'],
    mayAsType: PORTS,
  },
  {
    from: 'shared/adapters/eks/',
    may: [
      ...AWS_ADAPTER,
      '@aws-sdk/client-eks',
      '@aws-sdk/client-sts',
      '@aws-sdk/credential-providers',
      '@smithy/signature-v4',
      '@aws-crypto/sha256-js',
    ],
    mayAsType: PORTS,
  },
  { from: 'shared/adapters/eventbridge/', may: [...AWS_ADAPTER, '@aws-sdk/client-eventbridge'], mayAsType: PORTS },
  { from: 'shared/adapters/lambda/', may: [...AWS_ADAPTER, '@aws-sdk/client-lambda'], mayAsType: PORTS },
  { from: 'shared/adapters/files/', may: [...ADAPTER, SEALING], mayAsType: PORTS },
  { from: 'shared/adapters/oci/', may: [...HTTP_ADAPTER, 'shared/adapters/ecr/'], mayAsType: PORTS },
  {
    from: 'shared/adapters/s3/',
    may: [...AWS_ADAPTER, SEALING, '@aws-sdk/client-s3', '@aws-sdk/client-kms'],
    mayAsType: PORTS,
  },
  {
    from: 'shared/adapters/s3-source/',
    may: [...AWS_ADAPTER, 'shared/adapters/archives/', '@aws-sdk/client-s3', '@aws-sdk/credential-providers'],
    mayAsType: PORTS,
  },
  {
    from: 'shared/adapters/secrets-manager/',
    may: [...AWS_ADAPTER, '@aws-sdk/client-secrets-manager'],
    mayAsType: PORTS,
  },
  { from: 'shared/adapters/ssm/', may: [...AWS_ADAPTER, '@aws-sdk/client-ssm'], mayAsType: PORTS },
  { from: 'shared/adapters/sqs/', may: [...AWS_ADAPTER, '@aws-sdk/client-sqs'], mayAsType: PORTS },
  { from: 'shared/adapters/', may: ADAPTER, mayAsType: PORTS },
  // Where the parts are put together: the clients are made here, once a process.
  {
    from: 'functions/base/',
    may: [...ENTRY, 'functions/base/', '@middy/core', '@aws-lambda-powertools/', '@aws-sdk/'],
    mayAsType: ['aws-lambda'],
    mayLate: ['@aws-lambda-powertools/tracer'],
  },
  {
    from: 'functions/',
    may: [...ENTRY, 'functions/', '@middy/core', '@aws-lambda-powertools/', 'zod'],
    mayAsType: ['aws-lambda'],
  },
  { from: 'cli/', may: [...ENTRY, 'cli/', 'commander', 'isomorphic-git', 'zod'], mayLate: ['test/controlplane/'] },
  {
    from: 'infra/deploy/',
    may: [
      'infra/',
      'shared/config/names.ts',
      '@aws-sdk/client-lambda',
      '@aws-sdk/client-s3',
      '@aws-sdk/client-sts',
      'node:*',
    ],
  },
  {
    from: 'infra/',
    may: [
      'infra/',
      'plumbline.config.ts',
      'shared/config/names.ts',
      '@aws-cdk/lambda-layer-kubectl-v36',
      'aws-cdk-lib',
      'cdk-nag',
      'constructs',
      'esbuild',
      'node:*',
    ],
  },
  { from: 'bench/', may: ['*'] },
  { from: 'test/', may: ['*'] },
];
