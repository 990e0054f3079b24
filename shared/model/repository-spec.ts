/** Where a repository is: exactly one of the places that are known. */
import * as z from 'zod';
import { exactlyOneOf } from './declaration-fields.ts';

/** Name and region become parts of an address, so both are held to what AWS allows. */
export const repositorySpecSchema = exactlyOneOf(
  z.strictObject({
    directory: z.strictObject({ path: z.string().min(1) }).optional(),
    codecommit: z
      .strictObject({
        name: z.string().regex(/^(?!\.+$)[\w.-]{1,100}$/),
        region: z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d+$/),
        roleArn: z.string().optional().describe('Assumed for every request: a repository in another account'),
      })
      .optional(),
    git: z
      .strictObject({
        url: z.string().min(1).describe('https, as "git clone" takes it, without credentials'),
        credentials: z
          .string()
          .optional()
          .describe('Name of a secret: of gitSecrets in AWS, of a file in ~/.config/plumbline/git on one machine'),
        ca: z
          .string()
          .regex(/-----BEGIN CERTIFICATE-----/, 'expected certificates in PEM')
          .optional()
          .describe('Certificates (PEM) of authorities of your own that may have signed that of the server'),
      })
      .optional(),
  }),
  ['directory', 'codecommit', 'git'],
);
