/** Files in, Kubernetes YAML out: the `helm` and `kubectl kustomize` binaries. */
export interface ExternalRenderer {
  /** Goes into the input digest: name and version. */
  readonly version: string;
  /** @throws {RenderFailed} with the tool's own message, cut to what matters. */
  run(input: ExternalRenderInput): Promise<{ readonly yaml: string; readonly warnings: readonly string[] }>;
}

export interface ExternalRenderInput {
  readonly subject: string;
  /** Files by path relative to a root of their own; nothing else is readable. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** Symlinks among the files, path to text; none of them leads out. Default: none. */
  readonly links?: ReadonlyMap<string, string>;
  /** Folder below the root. */
  readonly path: string;
  /** Command-line arguments after the path; see the adapters. */
  readonly arguments: readonly string[];
  readonly timeoutMs: number;
}
