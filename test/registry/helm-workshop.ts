/** A place to make charts with the real helm: a folder, a home of its own, and nothing of this machine's. */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { findTools } from '../../shared/adapters/tools/find-tools.ts';

export interface HelmWorkshop {
  readonly folder: string;
  /** Runs helm in the folder and returns what it prints. @throws {Error} with what it complains of. */
  helm(...parameters: readonly string[]): Promise<string>;
  write(files: Readonly<Record<string, string>>): Promise<void>;
  delete(path: string): Promise<void>;
  /** Every file below, by path. */
  read(path: string): Promise<Readonly<Record<string, Buffer>>>;
  remove(): Promise<void>;
}

export async function openWorkshop(): Promise<HelmWorkshop> {
  const { kubectlPath } = await findTools();
  const root = await mkdtemp(join(tmpdir(), 'plumbline-helm-'));
  const folder = join(root, 'work');
  await mkdir(folder);
  const home = (name: string) => join(root, name);
  const env = {
    PATH: process.env.PATH,
    HOME: root,
    HELM_CONFIG_HOME: home('config'),
    HELM_CACHE_HOME: home('cache'),
    HELM_DATA_HOME: home('data'),
  };
  return {
    folder,
    helm: async (...parameters) => {
      const helm = join(dirname(kubectlPath), 'helm');
      const { stdout } = await promisify(execFile)(helm, [...parameters], { cwd: folder, env, maxBuffer: 1 << 26 });
      return stdout;
    },
    write: async (files) => {
      for (const [path, content] of Object.entries(files)) {
        await mkdir(dirname(join(folder, path)), { recursive: true });
        await writeFile(join(folder, path), content);
      }
    },
    delete: (path) => rm(join(folder, path), { recursive: true, force: true }),
    read: async (path) => {
      const entries = await readdir(join(folder, path), { recursive: true, withFileTypes: true });
      const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
      const contents = files.map(async (file) => [file.slice(folder.length + 1), await readFile(file)] as const);
      return Object.fromEntries(await Promise.all(contents));
    },
    remove: () => rm(root, { recursive: true, force: true }),
  };
}

/** Returns the files of a chart whose one object shows its name, version and a value. */
export function chartFiles(
  name: string,
  version: string,
  { dependencies = '', values = 'value: default\n' }: { readonly dependencies?: string; readonly values?: string } = {},
): Readonly<Record<string, string>> {
  const manifest = `apiVersion: v2\nname: ${name}\nversion: ${version}\n${dependencies}`;
  const template = [
    'apiVersion: v1',
    'kind: ConfigMap',
    'metadata: {name: "{{ .Release.Name }}-{{ .Chart.Name }}"}',
    'data: {version: "{{ .Chart.Version }}", value: "{{ .Values.value }}", files: "{{ .Files.Get "note.txt" }}"}',
    '',
  ];
  return {
    'Chart.yaml': manifest,
    'values.yaml': values,
    'note.txt': `of ${name}`,
    'templates/object.yaml': template.join('\n'),
  };
}

/** Returns files at another place. */
export function below(folder: string, files: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(files).map(([path, content]) => [`${folder}/${path}`, content]));
}
