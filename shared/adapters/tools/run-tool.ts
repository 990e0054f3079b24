import { type ChildProcess, spawn } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { PlumblineError } from '../../errors.ts';
import type { ToolCall, ToolOutput } from '../../model/external-tool.ts';
import { watchMemory } from './memory-use.ts';
import { CLOSED_PROXY, isolated, networkIsolation } from './network.ts';
import { createSlots } from './slots.ts';
import { killGroup, openWorkspace, type Workspace } from './workspace.ts';

/** What one rendering may print; an application of that size no cluster would take. */
const MAX_STDOUT_BYTES = 64 * 1024 * 1024;
const MAX_STDERR_BYTES = 256 * 1024;
/** Below what the renderer's function has (2 GB), so that it lives to say why; the same here, so that results are. */
const MAX_MEMORY_BYTES = 1536 * 1024 * 1024;

const LESS_MEMORY = 'look for a value that grows without end or part the application';
const inSlot = createSlots();

export interface ToolLimits {
  /** Resident memory. */
  readonly memoryBytes: number;
}

/** Runs `binary` as `ToolCall` says, never more at once than there are cores. */
export function runTool(
  binary: string,
  call: ToolCall,
  limits: ToolLimits = { memoryBytes: MAX_MEMORY_BYTES },
): Promise<ToolOutput> {
  return inSlot(async () => {
    // Asked beforehand, because `unshare` reports a program that is gone like any failure of that program.
    await access(binary, constants.X_OK).catch((error: unknown) => {
      throw unavailable(binary, { act: 'run the program', error, remedy: 'start again, it is unpacked anew' });
    });
    const workspace = await openWorkspace(call).catch((error: unknown) => {
      throw unavailable(tmpdir(), { act: 'write the files of a rendering', error, remedy: 'make room there' });
    });
    try {
      return await runIn(workspace, binary, { ...call, ...limits });
    } finally {
      await workspace.remove();
    }
  });
}

async function runIn(workspace: Workspace, binary: string, call: ToolCall & ToolLimits): Promise<ToolOutput> {
  const [command, ...parameters] = isolated(await networkIsolation(), [binary, ...call.arguments]);
  const child = spawn(command, parameters, {
    cwd: workspace.root,
    env: { HOME: workspace.home, TMPDIR: workspace.home, ...CLOSED_PROXY },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  if (child.pid !== undefined) workspace.watch(child.pid);
  const { exitCode, stdout, stderr } = await collect(child, binary, call);
  return { exitCode, stdout, stderr: stderr.replaceAll(`${workspace.root}/`, '').replaceAll(workspace.root, '.') };
}

function collect(child: ChildProcess, binary: string, call: ToolCall & ToolLimits): Promise<ToolOutput> {
  return new Promise((resolve, reject) => {
    let refusal: { readonly wrong: string; readonly remedy: string } | undefined;
    const stop = (wrong: string, remedy: string) => {
      refusal ??= { wrong, remedy };
      if (child.pid !== undefined) killGroup(child.pid);
    };
    const timer = setTimeout(
      () => stop(`took longer than ${call.timeoutMs / 1000} s`, 'look for an endless loop or part the application'),
      call.timeoutMs,
    );
    const unwatch = watchMemory(child.pid ?? 0, call.memoryBytes, () =>
      stop(`took more than ${Math.round(call.memoryBytes / 1024 / 1024)} MiB of memory`, LESS_MEMORY),
    );
    const stdout = gather(child.stdout, MAX_STDOUT_BYTES, () =>
      stop(`printed more than ${MAX_STDOUT_BYTES / 1024 / 1024} MiB`, 'part the application'),
    );
    const stderr = gather(child.stderr, MAX_STDERR_BYTES);
    child.on('error', (error) => {
      clearTimeout(timer);
      unwatch();
      reject(unavailable(binary, { act: 'run the program', error, remedy: 'start again' }));
    });
    child.on('close', (code) => {
      clearTimeout(timer);
      unwatch();
      if (child.pid !== undefined) killGroup(child.pid); // what it may have left running
      if (refusal === undefined) resolve({ exitCode: code ?? 1, stdout: stdout(), stderr: stderr() });
      else reject(new PlumblineError([{ code: 'RenderFailed', subject: call.subject, act: call.act, ...refusal }]));
    });
  });
}

/** What the operating system refuses is no fault of what is rendered; a bug of ours stays one. */
function unavailable(
  subject: string,
  { act, error, remedy }: { readonly act: string; readonly error: unknown; readonly remedy: string },
): unknown {
  if (!(error instanceof Error && 'syscall' in error)) return error;
  return new PlumblineError([{ code: 'StateUnavailable', subject, act, wrong: error.message, remedy }], {
    cause: error,
  });
}

/** Returns a function that gives what has come so far; what is beyond `limit` bytes is dropped. */
function gather(stream: NodeJS.ReadableStream | null, limit: number, onLimit?: () => void): () => string {
  const chunks: Buffer[] = [];
  let size = 0;
  stream?.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size <= limit) chunks.push(chunk);
    else onLimit?.();
  });
  return () => Buffer.concat(chunks).toString('utf8');
}
