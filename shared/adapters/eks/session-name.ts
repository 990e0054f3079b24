import { createHash } from 'node:crypto';

/** Longest RoleSessionName; it may hold `[\w+=,.@-]` (AWS STS, AssumeRole). */
const LONGEST = 64;
const HASH_CHARACTERS = 10;

/**
 * Returns the name of our session of a role, `plumbline-<fleet>-<hash>`: CloudTrail and the audit logs of clusters show
 * it beside the role. The hash is of fleet and role, so that sessions are told apart where the fleet's name is cut.
 */
export function sessionNameOf(fleet: string, roleArn: string): string {
  const hash = createHash('sha256').update(`${fleet}\n${roleArn}`).digest('hex').slice(0, HASH_CHARACTERS);
  const room = LONGEST - 'plumbline-'.length - 1 - HASH_CHARACTERS;
  return `plumbline-${fleet.replaceAll(/[^\w+=,.@-]/g, '-').slice(0, room)}-${hash}`;
}
