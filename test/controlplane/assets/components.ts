import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync } from 'node:fs';
import { join } from 'node:path';

export interface ComponentSettings {
  readonly assetsDir: string;
  readonly dataDir: string;
  readonly port: number;
  readonly controllers: boolean;
  readonly apiserverFlags: readonly string[];
}

/** A running binary. */
export interface Component {
  readonly name: string;
  readonly child: ChildProcess;
}

const CONTROLLERS = ['kube-controller-manager', 'kube-scheduler'];

/** Says whether the directory has what turns Deployments into Pods; envtest's own has not. */
export function hasControllers(assetsDir: string): boolean {
  return CONTROLLERS.every((name) => existsSync(join(assetsDir, name)));
}

/** Starts one process a component, each with its log in the data directory. */
export function startComponents(settings: ComponentSettings): Component[] {
  const start = (name: string, flags: readonly string[]) => startComponent(settings, name, flags);
  const running = [start('etcd', etcdFlags()), start('kube-apiserver', apiserverFlags(settings))];
  if (settings.controllers) {
    const common = ['--leader-elect=false', '--secure-port=0', `--kubeconfig=${join(settings.dataDir, 'kubeconfig')}`];
    running.push(start('kube-controller-manager', [...common, ...controllerManagerFlags(settings.dataDir)]));
    running.push(start('kube-scheduler', common));
  }
  return running;
}

/**
 * Runs "$@" until it ends, or until standard input closes: that happens when our process ends, however it ends, and
 * these binaries do not watch for it themselves.
 */
const RUN_UNTIL_STDIN_CLOSES = 'exec 3<&0; "$@" & child=$!; (cat <&3; kill -9 $child) 2>/dev/null & wait $child';

function startComponent({ assetsDir, dataDir }: ComponentSettings, name: string, flags: readonly string[]): Component {
  const log = openSync(join(dataDir, `${name}.log`), 'a', 0o600);
  const command = ['-c', RUN_UNTIL_STDIN_CLOSES, 'sh', join(assetsDir, name), ...flags];
  // The data directory is the working directory, so that the paths of sockets are short.
  const child = spawn('sh', command, { cwd: dataDir, stdio: ['pipe', log, log] });
  closeSync(log);
  return { name, child };
}

/** Stops components and resolves when they have ended. */
export async function stopComponents(components: readonly Component[]): Promise<void> {
  const alive = components.filter(({ child }) => child.exitCode === null && child.signalCode === null);
  const ended = alive.map(({ child }) => once(child, 'exit'));
  for (const { child } of components) {
    child.stdin?.end();
  }
  await Promise.all(ended);
}

function etcdFlags(): string[] {
  return [
    '--data-dir=etcd',
    '--listen-client-urls=unix://etcd.sock',
    '--listen-peer-urls=unix://etcd-peer.sock',
    '--advertise-client-urls=http://localhost:2379',
    '--unsafe-no-fsync',
    '--heartbeat-interval=10',
    '--election-timeout=100',
    '--log-level=error',
  ];
}

function apiserverFlags({ dataDir, port, controllers, apiserverFlags }: ComponentSettings): string[] {
  const file = (name: string) => join(dataDir, name);
  return [
    '--etcd-servers=unix://etcd.sock',
    `--secure-port=${port}`,
    '--bind-address=127.0.0.1',
    '--advertise-address=192.0.2.1',
    `--tls-cert-file=${file('server.crt')}`,
    `--tls-private-key-file=${file('server.key')}`,
    `--client-ca-file=${file('ca.crt')}`,
    `--token-auth-file=${file('tokens.csv')}`,
    '--authorization-mode=RBAC',
    '--service-account-issuer=https://kubernetes.default.svc',
    `--service-account-key-file=${file('service-account.key')}`,
    `--service-account-signing-key-file=${file('service-account.key')}`,
    '--service-cluster-ip-range=10.0.0.0/16',
    '--allow-privileged=true',
    `--audit-policy-file=${join(import.meta.dirname, '..', 'audit-policy.yaml')}`,
    `--audit-log-path=${file('audit.log')}`,
    '--audit-log-mode=blocking',
    '--audit-log-maxsize=100000',
    ...(controllers ? [] : ['--disable-admission-plugins=ServiceAccount']),
    ...apiserverFlags,
  ];
}

function controllerManagerFlags(dataDir: string): string[] {
  return [
    `--service-account-private-key-file=${join(dataDir, 'service-account.key')}`,
    `--root-ca-file=${join(dataDir, 'ca.crt')}`,
  ];
}
