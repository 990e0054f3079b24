import * as z from 'zod';
import { dnsName } from './declaration-fields.ts';

export const verificationSchema = z.strictObject({
  mode: z
    .enum(['refuse', 'report'])
    .describe(
      'What becomes of a commit without a good signature. refuse: what was planned before stays; report: a note',
    ),
  keys: z.array(dnsName).min(1).optional().describe('Names of TrustedKeys. Default: every one of the fleet'),
});

export type Verification = z.infer<typeof verificationSchema>;
