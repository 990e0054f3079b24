import type { DeclarationExample } from './declaration-example.ts';

const CERTIFICATE = String.raw`"-----BEGIN CERTIFICATE-----\nMIIB...\n-----END CERTIFICATE-----\n"`;

export const REPOSITORY_EXAMPLE: DeclarationExample = {
  meaning: 'A place that files or charts come from, besides the fleet repository itself.',
  yaml: `apiVersion: plumbline.dev/v1
kind: Repository
metadata: {name: team}
spec:
  git: {url: https://github.com/example/team.git}
`,
  fields: [
    { yaml: 'metadata: {name: team}', of: ['metadata.name'] },
    { yaml: 'directory: {path: ~/charts}', of: ['directory.path'] },
    {
      yaml: 'codecommit: {name: charts, region: eu-central-1, roleArn: "arn:aws:iam::123456789012:role/read"}',
      of: ['codecommit.name', 'codecommit.region', 'codecommit.roleArn'],
    },
    {
      yaml: `git: {url: https://git.inner.example/team.git, credentials: inner, ca: ${CERTIFICATE}}`,
      of: ['git.url', 'git.credentials', 'git.ca'],
    },
    {
      yaml: `helm: {url: https://charts.inner.example, credentials: inner, passCredentials: true, ca: ${CERTIFICATE}}`,
      of: ['helm.url', 'helm.credentials', 'helm.passCredentials', 'helm.ca'],
    },
    {
      yaml: `oci: {url: oci://registry.inner.example/charts, credentials: inner, ca: ${CERTIFICATE}}`,
      of: ['oci.url', 'oci.credentials', 'oci.ca'],
    },
    {
      yaml: 's3: {bucket: manifests, region: eu-central-1, prefix: shop/, roleArn: "arn:aws:iam::123456789012:role/read"}',
      of: ['s3.bucket', 's3.region', 's3.prefix', 's3.roleArn'],
    },
    { yaml: 'verify: {mode: report, keys: [ana, ben]}', of: ['verify.mode', 'verify.keys'] },
  ],
};

export const TRUSTED_KEY_EXAMPLE: DeclarationExample = {
  meaning: 'A public key whose signatures of commits and tags count, where a Repository or the Fleet says `verify`.',
  yaml: `apiVersion: plumbline.dev/v1
kind: TrustedKey
metadata: {name: ana}
spec:
  ssh: ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ9oBcCNLoQxH3vZ2oCzRqQwVh1zC3m9uYd7m3hVbq1F ana@example
`,
  fields: [
    { yaml: 'metadata: {name: ana}', of: ['metadata.name'] },
    { yaml: 'ssh: ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ9oBcCNLoQxH3vZ2oCzRqQwVh1zC3m9uYd7m3hVbq1F', of: ['ssh'] },
    {
      yaml: String.raw`openpgp: "-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nmDME...\n-----END PGP PUBLIC KEY BLOCK-----\n"`,
      of: ['openpgp'],
    },
  ],
};
