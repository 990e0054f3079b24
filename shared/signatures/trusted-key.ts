/** A key that signatures are held to: a line of OpenSSH, or armored OpenPGP. */
export interface TrustedKey {
  /** Of its declaration; what is told of a good signature. */
  readonly name: string;
  readonly ssh?: string | undefined;
  readonly openpgp?: string | undefined;
}

export type Judgement =
  /** `key`: the name of the trusted key that signed. */
  | { readonly state: 'good'; readonly key: string }
  /** `why`: lower case, goes on after "the commit:". */
  | { readonly state: 'bad'; readonly why: string };
