/** A program of others that we run over untrusted files: `helm`, `kubectl`. */
export interface ExternalTool {
  /** Name and version as people write it: `helm v4.2.3`. */
  readonly version: string;
  /**
   * Runs it once in a private folder that is gone afterwards, with an empty environment and a closed network where the
   * machine lets us close it. A non-zero exit status is a result.
   *
   * @throws {PlumblineError} RenderFailed when it takes too long or prints too much.
   */
  run(call: ToolCall): Promise<ToolOutput>;
}

export interface ToolCall {
  /** For errors: whom it is done for, and what is done. */
  readonly subject: string;
  readonly act: string;
  readonly arguments: readonly string[];
  /** Written into the folder that the tool starts in; path relative to it, no `..`. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** Symlinks among the files: path to text. */
  readonly links: ReadonlyMap<string, string>;
  readonly timeoutMs: number;
}

export interface ToolOutput {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}
