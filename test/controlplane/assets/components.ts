import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, openSync } from 'node:fs';
import { join } from 'node:path';

export interface ComponentSettings {
  readonly assetsDir: string;
  readonly dataDir: string;
  readonly port: number;
  readonly controllers: boolean;
  readonly apiserverFlags: readonly string[];
}

const CONTROLLERS = ['kube-controller-manager', 'kube-scheduler'];

/** Says whether the directory has what turns Deployments into Pods; envtest's own has not. */
export function hasControllers(assetsDir: string): boolean {
  return CONTROLLERS.every((name) => existsSync(join(assetsDir, name)));
}

/** Starts one process a component, each with its log in the data directory. */
export function startComponents(settings: ComponentSettings): ChildProcess[] {
  const start = (name: string, flags: readonly string[]) => startComponent(settings, name, flags);
  const running = [start('etcd', etcdFlags()), start('kube-apiserver', apiserverFlags(settings))];
  if (settings.controllers) {
    const common = ['--leader-elect=false', '--secure-port=0', `--kubeconfig=${join(settings.dataDir, 'kubeconfig')}`];
    running.push(start('kube-controller-manager', [...common, ...controllerManagerFlags(settings.dataDir)]));
    running.push(start('kube-scheduler', common));
  }
  return running;
}

function startComponent({ assetsDir, dataDir }: ComponentSettings, name: string, flags: readonly string[]) {
  const log = openSync(join(dataDir, `${name}.log`), 'a', 0o600);
  // The data directory is the working directory, so that sockets have a short name and logs no stray place.
  return spawn(join(assetsDir, name), flags, { cwd: dataDir, stdio: ['ignore', log, log] });
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
