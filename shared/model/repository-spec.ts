/** Where a repository is: exactly one of the places that are known. */
import * as z from 'zod';
import { exactlyOneOf } from './declaration-fields.ts';
import { verificationSchema } from './verification.ts';

const certificates = z
  .string()
  .regex(/-----BEGIN CERTIFICATE-----/, 'expected certificates in PEM')
  .optional()
  .describe('Certificates (PEM) of authorities of your own that may have signed that of the server');
const secretName = z
  .string()
  .optional()
  .describe('Name of a secret: of gitSecrets in AWS, of a file in ~/.config/plumbline/git on one machine');

/** Name and region become parts of an address, so both are held to what AWS allows. */
export const repositorySpecSchema = exactlyOneOf(
  z.strictObject({
    directory: z
      .strictObject({
        path: z
          .string()
          .min(1)
          .describe(
            'A repository on this machine; "~" is the home directory, relative ones start at the fleet repository',
          ),
      })
      .optional()
      .describe('A folder with a Git repository, for one machine'),
    codecommit: z
      .strictObject({
        name: z
          .string()
          .regex(/^(?!\.+$)[\w.-]{1,100}$/, 'expected the name of a repository')
          .describe('Of the repository'),
        region: z
          .string()
          .regex(/^[a-z]{2}(-[a-z]+)+-\d+$/, 'expected a region, as eu-central-1')
          .describe('Where it is'),
        roleArn: z.string().optional().describe('Assumed for every request: a repository in another account'),
      })
      .optional()
      .describe('A repository of CodeCommit, with the rights of the planner'),
    git: z
      .strictObject({
        url: z.string().min(1).describe('https, as "git clone" takes it, without credentials'),
        credentials: secretName,
        ca: certificates,
      })
      .optional()
      .describe('A Git server over HTTPS'),
    helm: z
      .strictObject({
        url: z
          .string()
          .regex(/^https?:\/\//, 'expected an https address')
          .describe('Address of a chart repository, as "helm repo add" takes it'),
        credentials: secretName,
        passCredentials: z
          .boolean()
          .optional()
          .describe('Send the credentials to every host that the index names for a chart. Default: to its own alone'),
        ca: certificates,
      })
      .optional()
      .describe('Charts by their names and versions: spec.source.chart, and dependencies of charts'),
    oci: z
      .strictObject({
        url: z
          .string()
          .regex(/^oci:\/\//, 'expected an address like oci://host/path')
          .describe('An artifact with manifests, or the address above charts; "oci://host/path"'),
        credentials: secretName.describe(
          'Name of a secret, as for git. A registry of ECR needs none: it is read with the rights of the planner',
        ),
        ca: certificates,
      })
      .optional()
      .describe('An artifact with manifests, or charts, in a registry'),
    s3: z
      .strictObject({
        bucket: z
          .string()
          .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'expected the name of a bucket')
          .describe('Name of the bucket'),
        region: z
          .string()
          .regex(/^[a-z]{2}(-[a-z]+)+-\d+$/, 'expected a region, as eu-central-1')
          .describe('Where it is'),
        prefix: z
          .string()
          .min(1)
          .optional()
          .describe('Folder in the bucket, or the key of one archive (.tar.gz). Default: the whole bucket'),
        roleArn: z.string().optional().describe('Assumed for every request: a bucket of another account'),
      })
      .optional()
      .describe('Manifests or charts in a bucket of S3'),
    verify: verificationSchema.optional().describe('Who must have signed the commits that are read'),
  }),
  ['directory', 'codecommit', 'git', 'helm', 'oci', 's3'],
);
