/** What is wrong with an archive, before it is known whose it is. */
export class ArchiveError extends Error {
  override readonly name = 'ArchiveError';
  readonly remedy: string;

  /** @param wrong lower case, no full stop. */
  constructor(wrong: string, remedy = 'pack it anew') {
    super(wrong);
    this.remedy = remedy;
  }
}
