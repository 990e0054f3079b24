/** Examples of declarations and of each of their fields: shown in docs/declarations.md, and parsed by tests. */
export interface DeclarationExample {
  /** What the kind is for, a sentence or two. */
  readonly meaning: string;
  /** A whole declaration, as small as it can be. */
  readonly yaml: string;
  readonly fields: readonly FieldExample[];
}

export interface FieldExample {
  /** YAML in one line: of `metadata` where it begins so, else fields of `spec`. They stand in for those of the whole example. */
  readonly yaml: string;
  /** Fields that it shows, without the leading `spec.`: `sources[].chart`. What they stand in is shown by it too. */
  readonly of: readonly string[];
}
