/** Who is trusted to sign commits, and what becomes of those that nobody trusted signed. */
import * as z from 'zod';
import { exactlyOneOf } from './declaration-fields.ts';
import { API_VERSION, metadata } from './declarations.ts';

const SSH_KEY =
  /^\s*(ssh-ed25519|sk-ssh-ed25519@openssh\.com|ecdsa-sha2-nistp(256|384|521)|ssh-rsa) [A-Za-z0-9+/]+={0,2}( [^\n]*)?\s*$/;

export const trustedKeySchema = z.strictObject({
  apiVersion: z.literal(API_VERSION),
  kind: z.literal('TrustedKey'),
  metadata,
  spec: exactlyOneOf(
    z.strictObject({
      ssh: z
        .string()
        .regex(SSH_KEY, 'expected a public key as "ssh-keygen" writes it: ssh-ed25519 AAAA...')
        .optional()
        .describe('A public key of SSH: ed25519, ECDSA, RSA of 2048 bits and more, ed25519 on a security key'),
      openpgp: z
        .string()
        .regex(/-----BEGIN PGP PUBLIC KEY BLOCK-----/, 'expected what "gpg --armor --export" prints')
        .optional()
        .describe('A public key of OpenPGP with its subkeys and revocations, armored'),
    }),
    ['ssh', 'openpgp'],
  ),
});

export type TrustedKeyDeclaration = z.infer<typeof trustedKeySchema>;
