export type TokenKind =
  | 'end'
  | 'block-sequence'
  | 'block-mapping'
  | 'block-end'
  | 'flow-sequence'
  | 'flow-mapping'
  | 'flow-sequence-end'
  | 'flow-mapping-end'
  | 'block-entry'
  | 'flow-entry'
  | 'key'
  | 'value'
  | 'alias'
  | 'anchor'
  | 'tag'
  | 'scalar'
  | 'document-start'
  | 'document-end';

export interface Token {
  readonly kind: TokenKind;
  /** Offset that it begins at. */
  readonly start: number;
  /** Of scalars their text, of anchors and aliases their name, of tags their full name. */
  readonly text: string;
  /** A scalar without quotes or mark. */
  readonly isPlain: boolean;
}

/** What stands before a node. */
export interface Properties {
  readonly tag: string;
  readonly anchor: string | undefined;
}
