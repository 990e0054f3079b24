/** `spec.codecommit` of a Repository. */
export interface CodeCommitPlace {
  readonly name: string;
  readonly region: string;
  /** Assumed for every request: a repository in another account. */
  readonly roleArn?: string | undefined;
}
