/**
 * Parts commits and tags into what was signed and the signature. A commit carries it in its header `gpgsig`, whatever it
 * was made with; a tag carries it at its end. Source: git, Documentation/gitformat-signature.txt; commit.c,
 * `parse_signed_commit`; gpg-interface.c, `parse_signed_buffer`.
 */
export interface SignedContent {
  readonly payload: Buffer;
  /** Undefined: it is not signed. */
  readonly signature: string | undefined;
}

const SIGNATURE_HEADER = /^gpgsig(?:-sha256)? /;
const SIGNATURE_BEGINS = /^-----BEGIN (?:PGP SIGNATURE|PGP MESSAGE|SSH SIGNATURE|SIGNED MESSAGE)-----/;

/** @param content of the commit object; bytes are kept as they are, whatever the encoding of the message. */
export function partCommit(content: Uint8Array): SignedContent {
  const text = Buffer.from(content).toString('latin1');
  const end = text.indexOf('\n\n');
  // A line that begins with a space goes on with the header before it.
  const headers = (end < 0 ? text : text.slice(0, end)).split(/\n(?! )/);
  const signature = headers.find((header) => header.startsWith('gpgsig '));
  const signed = headers.filter((header) => !SIGNATURE_HEADER.test(header)).join('\n');
  return {
    payload: Buffer.from(`${signed}${end < 0 ? '' : text.slice(end)}`, 'latin1'),
    signature: signature && `${signature.slice('gpgsig '.length).replaceAll('\n ', '\n')}\n`,
  };
}

/** @param content of the tag object. */
export function partTag(content: Uint8Array): SignedContent {
  const text = Buffer.from(content).toString('latin1');
  let begins = -1;
  for (let at = 0; at >= 0 && at < text.length; at = nextLine(text, at)) {
    if (SIGNATURE_BEGINS.test(text.slice(at, at + 40))) begins = at;
  }
  if (begins < 0) return { payload: Buffer.from(content), signature: undefined };
  return { payload: Buffer.from(text.slice(0, begins), 'latin1'), signature: text.slice(begins) };
}

function nextLine(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end < 0 ? -1 : end + 1;
}

/** Returns the first header of that name in a commit or tag. */
export function headerOf(content: Uint8Array, name: string): string | undefined {
  const [head = ''] = Buffer.from(content).toString('utf8').split('\n\n', 1);
  const line = head.split('\n').find((one) => one.startsWith(`${name} `));
  return line?.slice(name.length + 1);
}
