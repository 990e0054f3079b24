import { z } from 'zod';

const READY_LINE = z.object({
  name: z.string(),
  kubeconfig: z.string(),
  context: z.string(),
  server: z.string(),
  caFile: z.string(),
  token: z.string(),
  auditLog: z.string(),
  dataDir: z.string(),
  pid: z.number(),
  version: z.string(),
  nodes: z.number(),
});

/** What a control plane prints, as one line of JSON, once it can be used. */
export type ReadyLine = z.infer<typeof READY_LINE>;

/** A running cluster. */
export interface TestCluster {
  readonly name: string;
  readonly kubeconfigPath: string;
  /** Kubeconfig context of an administrator with a token. */
  readonly context: string;
  /** Kubeconfig context of an administrator with a client certificate. */
  readonly certificateContext: string;
  readonly server: string;
  readonly caFile: string;
  /** The administrator's token. */
  readonly token: string;
  readonly auditLogPath: string;
  readonly dataDir: string;
  /** The process that the whole cluster hangs on. */
  readonly pid: number;
  readonly version: string;
  /** 0: nothing runs Pods here, and maybe no controller either. */
  readonly nodes: number;
  /** Stops the cluster if this process started it; a shared one stays. */
  stop(): Promise<void>;
}

/** @throws {Error} when the text is not a ready line. */
export function parseReadyLine(text: string): ReadyLine {
  return READY_LINE.parse(JSON.parse(text));
}

export function newTestCluster(line: ReadyLine, stop: () => Promise<void>): TestCluster {
  return {
    name: line.name,
    kubeconfigPath: line.kubeconfig,
    context: line.context,
    certificateContext: `${line.context}-cert`,
    server: line.server,
    caFile: line.caFile,
    token: line.token,
    auditLogPath: line.auditLog,
    dataDir: line.dataDir,
    pid: line.pid,
    version: line.version,
    nodes: line.nodes,
    stop,
  };
}

/** Writes what `parseReadyLine` reads, for a process that did not start the cluster. */
export function formatReadyLine(cluster: TestCluster): string {
  const { kubeconfigPath, auditLogPath, certificateContext: _derived, stop: _notMine, ...same } = cluster;
  return JSON.stringify({ ...same, kubeconfig: kubeconfigPath, auditLog: auditLogPath } satisfies ReadyLine);
}
