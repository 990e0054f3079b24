/**
 * Reads one context out of kubeconfig files, by the rules of kubectl: of several files the first that defines a name
 * wins, and relative paths are relative to the file that they stand in. The entries are read by
 * `@kubernetes/client-node`, through its files instead of its index: the index loads a model of every API
 * (375 ms and 60 MB measured, against 6 ms), and only `dist/config_types.js` is needed here.
 */
import { readFile, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { Cluster, Context, User } from '@kubernetes/client-node/dist/config_types.js';
import { newClusters, newContexts, newUsers } from '@kubernetes/client-node/dist/config_types.js';
import { load, YAMLException } from 'js-yaml';
import { PlumblineError } from '../../errors.ts';
import { isJsonObject } from '../../model/json.ts';

export interface KubeconfigEntry<T> {
  readonly value: T;
  /** Folder of the file that defines it; relative paths start here. */
  readonly folder: string;
}

export interface KubeconfigContext {
  readonly name: string;
  readonly cluster: KubeconfigEntry<Cluster>;
  /** `tokenFile` is not among what client-node reads of a user. */
  readonly user: KubeconfigEntry<User> & { readonly tokenFile?: string };
}

interface KubeconfigContent {
  readonly folder: string;
  readonly clusters: readonly Cluster[];
  readonly contexts: readonly Context[];
  readonly users: readonly User[];
  readonly tokenFileByUser: ReadonlyMap<string, string>;
}

/** Returns a text that changes when one of `files` does; missing files count as such. */
export async function versionOfFiles(files: readonly string[]): Promise<string> {
  const versions = files.map(async (file) => {
    const found = await stat(file).catch(() => undefined);
    return `${file}:${found === undefined ? 'missing' : `${found.mtimeMs}:${found.size}`}`;
  });
  return (await Promise.all(versions)).join('\n');
}

/**
 * Returns context `name` of `files`, of which some may be missing.
 *
 * @throws {ConfigInvalid} when no file is there, a file is no kubeconfig, or the context, its cluster or its user is
 * not defined. Messages never quote the file: it holds credentials.
 */
export async function readKubeconfigContext(
  subject: string,
  files: readonly string[],
  name: string,
): Promise<KubeconfigContext> {
  const contents = (await Promise.all(files.map((file) => readContent(subject, file)))).filter((c) => c !== undefined);
  if (contents.length === 0) {
    throw invalid(
      subject,
      `no kubeconfig at ${files.join(', ')}`,
      'set KUBECONFIG, or spec.kubeconfig.path of the Cluster',
    );
  }
  const context = contents.flatMap((content) => content.contexts).find((entry) => entry.name === name);
  if (context === undefined) {
    const known = contents.flatMap((content) => content.contexts.map((entry) => entry.name));
    throw invalid(subject, `context ${name} is not in ${files.join(', ')}`, `choose one of: ${known.join(', ')}`);
  }
  const cluster = findEntry(contents, (content) => content.clusters, context.cluster);
  const user = findEntry(contents, (content) => content.users, context.user);
  if (cluster === undefined || user === undefined) {
    const missing = cluster === undefined ? `cluster ${context.cluster}` : `user ${context.user}`;
    throw invalid(
      subject,
      `context ${name} names ${missing}, which is not defined`,
      `define it in ${files.join(', ')}`,
    );
  }
  const tokenFile = contents.find((c) => c.folder === user.folder)?.tokenFileByUser.get(context.user);
  return { name, cluster, user: tokenFile === undefined ? user : { ...user, tokenFile } };
}

function findEntry<T extends { readonly name: string }>(
  contents: readonly KubeconfigContent[],
  entriesOf: (content: KubeconfigContent) => readonly T[],
  name: string,
): KubeconfigEntry<T> | undefined {
  for (const content of contents) {
    const value = entriesOf(content).find((entry) => entry.name === name);
    if (value !== undefined) return { value, folder: content.folder };
  }
  return undefined;
}

async function readContent(subject: string, file: string): Promise<KubeconfigContent | undefined> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw invalid(subject, `${file} cannot be read (${error.code})`, 'check its permissions', error);
  });
  if (text === undefined) return undefined;
  const config = parseYaml(subject, file, text);
  if (!isJsonObject(config)) throw invalid(subject, `${file} is no kubeconfig: expected a map`, 'check the file');
  try {
    return {
      folder: dirname(resolve(file)),
      clusters: newClusters(config.clusters),
      contexts: newContexts(config.contexts),
      users: newUsers(config.users),
      tokenFileByUser: readTokenFiles(config.users),
    };
  } catch (error) {
    // These messages of client-node name the entry's index and the missing field only.
    const wrong = error instanceof Error ? error.message : String(error);
    throw invalid(subject, `${file} is no kubeconfig: ${wrong}`, 'correct that entry', error);
  }
}

function parseYaml(subject: string, file: string, text: string): unknown {
  try {
    return load(text);
  } catch (error) {
    // The exception's own message shows the lines around, tokens among them: reason and line are all that leaves here.
    const yaml = error instanceof YAMLException ? error : undefined;
    const place = yaml?.mark === undefined ? file : `${file}:${yaml.mark.line + 1}:${yaml.mark.column + 1}`;
    throw invalid(subject, `${place}: no valid YAML: ${yaml?.reason ?? 'unreadable'}`, 'correct the file');
  }
}

function readTokenFiles(users: unknown): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  for (const entry of Array.isArray(users) ? users : []) {
    const user: unknown = isJsonObject(entry) ? entry.user : undefined;
    const tokenFile = isJsonObject(user) ? user.tokenFile : undefined;
    if (isJsonObject(entry) && typeof entry.name === 'string' && typeof tokenFile === 'string') {
      files.set(entry.name, tokenFile);
    }
  }
  return files;
}

function invalid(subject: string, wrong: string, remedy: string, cause?: unknown): PlumblineError {
  return new PlumblineError([{ code: 'ConfigInvalid', subject, act: 'read kubeconfig', wrong, remedy }], { cause });
}
