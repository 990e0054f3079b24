/** Why one Pod does not run, read from its status: what `kubectl describe pod` would be asked for. */
import type { JsonObject } from '../model/json.ts';
import type { KubeObject } from '../model/kube-object.ts';
import { conditionOf } from './conditions.ts';
import { mapsAt, numberAt, textAt } from './read-field.ts';
import { countOf, oneLine } from './verdict.ts';

/** Waiting reasons of the kubelet (pkg/kubelet/images/types.go and container/sync_result.go). */
const IMAGE_REASONS: ReadonlySet<string> = new Set([
  'ErrImagePull',
  'ImagePullBackOff',
  'ErrImageNeverPull',
  'InvalidImageName',
  'ImageInspectError',
  'RegistryUnavailable',
]);
/** Waiting is the normal way of things before a container starts. */
const NORMAL_REASONS: ReadonlySet<string> = new Set(['', 'ContainerCreating', 'PodInitializing']);

export interface PodTrouble {
  readonly kind: 'crash-loop' | 'image' | 'container-config' | 'unschedulable' | 'failed';
  /** One line, without the Pod's name, so that equal troubles of several Pods can stand together. */
  readonly reason: string;
  /** The container that it is about; undefined: the Pod as a whole. */
  readonly container?: string;
  /** Its last words are in the log of the container before the last restart. */
  readonly hasRestarted?: boolean;
}

/** Returns the trouble of `pod`; undefined: it runs, has ended well, or is just starting. */
export function troubleOf(pod: KubeObject): PodTrouble | undefined {
  const phase = textAt(pod, 'status', 'phase');
  if (phase === 'Succeeded') return undefined;
  if (phase === 'Failed') return { kind: 'failed', reason: `failed: ${describeFailure(pod)}`, ...failedContainer(pod) };
  for (const status of containerStatuses(pod)) {
    const trouble = containerTrouble(status);
    if (trouble !== undefined) return trouble;
  }
  return unschedulable(pod);
}

/** Returns the statuses of init containers, then of containers. */
export function containerStatuses(pod: KubeObject): readonly JsonObject[] {
  return [...mapsAt(pod, 'status', 'initContainerStatuses'), ...mapsAt(pod, 'status', 'containerStatuses')];
}

function containerTrouble(status: JsonObject): PodTrouble | undefined {
  const reason = textAt(status, 'state', 'waiting', 'reason');
  const container = `container ${textAt(status, 'name') || '(no name)'}`;
  const message = oneLine(textAt(status, 'state', 'waiting', 'message'));
  if (reason === 'CrashLoopBackOff') {
    const reason = `${container} keeps crashing: ${describeCrash(status)}`;
    const hasRestarted = numberAt(status, ['restartCount'], 0) > 0;
    return { kind: 'crash-loop', reason, container: textAt(status, 'name'), hasRestarted };
  }
  if (IMAGE_REASONS.has(reason)) {
    const said = message === '' ? '' : `: ${message}`;
    return { kind: 'image', reason: `${container} cannot pull image ${textAt(status, 'image')} (${reason})${said}` };
  }
  if (NORMAL_REASONS.has(reason)) return undefined;
  return {
    kind: 'container-config',
    reason: `${container} cannot start (${reason})${message === '' ? '' : `: ${message}`}`,
  };
}

function describeCrash(status: JsonObject): string {
  const ended = ['lastState', 'terminated'] as const;
  const exitCode = numberAt(status, [...ended, 'exitCode'], undefined);
  const reason = textAt(status, ...ended, 'reason');
  const restarts = countOf(numberAt(status, ['restartCount'], 0), 'restart');
  const exit = exitCode === undefined ? 'exit code unknown' : `exit code ${exitCode}`;
  // "Error" and "Completed" say no more than the exit code does; OOMKilled does.
  return [exit, ...(['', 'Error', 'Completed'].includes(reason) ? [] : [reason]), restarts].join(', ');
}

function describeFailure(pod: KubeObject): string {
  const said = [textAt(pod, 'status', 'reason'), textAt(pod, 'status', 'message')]
    .filter((part) => part !== '')
    .join(': ');
  if (said !== '') return oneLine(said);
  for (const status of containerStatuses(pod)) {
    const exitCode = numberAt(status, ['state', 'terminated', 'exitCode'], 0);
    if (exitCode !== 0) return `container ${textAt(status, 'name')} ended with exit code ${exitCode}`;
  }
  return 'no reason given';
}

/** An evicted Pod failed as a whole, and has no log any more. */
function failedContainer(pod: KubeObject): { readonly container?: string } {
  const failed = containerStatuses(pod).find(
    (status) => numberAt(status, ['state', 'terminated', 'exitCode'], 0) !== 0,
  );
  return failed === undefined ? {} : { container: textAt(failed, 'name') };
}

function unschedulable(pod: KubeObject): PodTrouble | undefined {
  const scheduled = conditionOf(pod, 'PodScheduled');
  if (scheduled?.status !== 'False' || scheduled.reason !== 'Unschedulable') return undefined;
  return { kind: 'unschedulable', reason: `no node takes it: ${oneLine(scheduled.message || scheduled.reason)}` };
}
