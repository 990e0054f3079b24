/** How a connection proves who it is. Bearer tokens travel as a header, certificates in the TLS handshake. */
export interface Credentials {
  readonly headers: Readonly<Record<string, string>>;
  /** PEM. */
  readonly certificate?: string | Buffer;
  /** PEM. */
  readonly key?: string | Buffer;
}

export interface CredentialSource {
  /** False: asking again gives the same, so a refusal (401) is final. */
  readonly renewable: boolean;
  /** With `fresh`, nothing kept from before is given out. @throws {CredentialsExpired | ConfigInvalid} */
  read(options: { readonly fresh: boolean }): Promise<Credentials>;
}
