/** Makes the advertisement of `git http-backend` into CodeCommit's, and holds clients to it. */

/** All that CodeCommit offers to those who fetch. */
const CAPABILITIES =
  'multi_ack_detailed shallow side-band-64k thin-pack allow-tip-sha1-in-want allow-reachable-sha1-in-want';

/** What makes git give what the last two promise. */
export const UPLOAD_PACK_SETTINGS = ['uploadpack.allowTipSHA1InWant=true', 'uploadpack.allowReachableSHA1InWant=true'];

/** Returns the body of an answer to `info/refs?service=git-upload-pack` with CodeCommit's capabilities on its first ref. */
export function advertiseAsCodeCommit(body: Buffer): Buffer {
  const nul = body.indexOf(0);
  if (nul < 0) return body;
  const end = body.indexOf(0x0a, nul);
  // The first packet names the service; a flush of four digits comes after it.
  const start = Number.parseInt(body.toString('latin1', 0, 4), 16) + 4;
  const line = `${body.toString('utf8', start + 4, nul)}\0${CAPABILITIES}\n`;
  const packet = (Buffer.byteLength(line) + 4).toString(16).padStart(4, '0') + line;
  return Buffer.concat([body.subarray(0, start), Buffer.from(packet), body.subarray(end + 1)]);
}

/** Returns the first capability that a client uses though it was not offered. */
export function findForeignCapability(body: Buffer): string | undefined {
  const offered = new Set(CAPABILITIES.split(' '));
  const first = /^[0-9a-f]{4}want [0-9a-f]{40} ?([^\n]*)/.exec(body.toString('latin1', 0, 1000))?.[1] ?? '';
  return first.split(' ').find((word) => word !== '' && !offered.has(word));
}
