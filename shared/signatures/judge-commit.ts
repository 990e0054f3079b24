/**
 * Whether a commit is signed by someone who is trusted: by its own signature, or by that of the annotated tag that it is
 * read at. A tag counts for the name that it was signed with and the commit that it was signed for, so that an old
 * release cannot be passed off as a new one.
 */
import type { SignableCommit } from '../model/signable-commit.ts';
import { judgeOpenPgpSignature } from './openpgp-signature.ts';
import { headerOf, partCommit, partTag, type SignedContent } from './signed-content.ts';
import { judgeSshSignature } from './ssh-signature.ts';
import type { Judgement, TrustedKey } from './trusted-key.ts';

export interface JudgeOptions {
  readonly keys: readonly TrustedKey[];
  readonly nowMs: number;
}

/** Judges a commit and the tag that it is read at; one good signature is enough. Never throws. */
export async function judgeCommit(signable: SignableCommit, options: JudgeOptions): Promise<Judgement> {
  const { tag } = signable;
  const byCommit = await judgeContent(partCommit(signable.content), options);
  if (byCommit.state === 'good' || tag === undefined) return byCommit;
  const byTag = wrongWithTag(tag, signable) ?? (await judgeContent(partTag(tag.content), options));
  if (byTag.state === 'good') return byTag;
  return { state: 'bad', why: `${byCommit.why}; the tag ${tag.name}: ${byTag.why}` };
}

function wrongWithTag(tag: NonNullable<SignableCommit['tag']>, { commit }: SignableCommit): Judgement | undefined {
  const named = headerOf(tag.content, 'tag');
  if (named !== tag.name) return { state: 'bad', why: `it was made as tag ${JSON.stringify(named)}` };
  const isOfCommit = headerOf(tag.content, 'object') === commit.revision && headerOf(tag.content, 'type') === 'commit';
  return isOfCommit ? undefined : { state: 'bad', why: 'it was made for another object than this commit' };
}

async function judgeContent({ payload, signature }: SignedContent, options: JudgeOptions): Promise<Judgement> {
  if (signature === undefined) return { state: 'bad', why: 'it has no signature' };
  if (signature.startsWith('-----BEGIN SSH SIGNATURE-----')) return judgeSshSignature(payload, signature, options.keys);
  if (signature.startsWith('-----BEGIN PGP ')) return judgeOpenPgpSignature(payload, signature, options);
  return { state: 'bad', why: 'its signature is neither of SSH nor of OpenPGP' };
}
