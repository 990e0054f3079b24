/** The cloud assembly that `npm run deploy` would deploy, for settings of ours; made anew when a source has changed. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { PlumblineConfig } from '../../../infra/config.ts';
import { isJsonObject } from '../../../shared/model/json.ts';
import type { Place } from '../template/load-template.ts';

const run = promisify(execFile);
const ROOT = join(import.meta.dirname, '..', '..', '..');
const CACHE = join(ROOT, 'node_modules', '.cache', 'plumbline', 'aws-local');
const SOURCES = ['functions', 'infra', 'shared', 'package-lock.json', 'test/aws-local/deploy/synthesize-child.ts'];
/** Nobody runs one for so long; each has some megabytes. */
const KEPT_MS = 3 * 3_600_000;

export interface Assembly {
  readonly stackName: string;
  readonly template: unknown;
  /** Stacks for other accounts and Regions. */
  readonly targets: readonly (Place & { readonly template: unknown })[];
  /** Folder or file of an asset, by its key in the bucket of assets. */
  assetPath(key: string): string;
}

const madeHere = new Map<string, Promise<Assembly>>();

/** Returns the assembly of these settings: one a process, whatever happens to the sources while it runs. */
export function synthesize(config: PlumblineConfig): Promise<Assembly> {
  const name = JSON.stringify(config);
  const made = madeHere.get(name) ?? makeAssembly(config);
  madeHere.set(name, made);
  return made;
}

async function makeAssembly(config: PlumblineConfig): Promise<Assembly> {
  const folder = join(CACHE, digestOf(JSON.stringify(config)));
  if (!existsSync(folder)) {
    mkdirSync(CACHE, { recursive: true });
    const made = `${folder}-${process.pid}`;
    const child = join(import.meta.dirname, 'synthesize-child.ts');
    await run(process.execPath, [child, made, JSON.stringify(config)], { cwd: ROOT });
    try {
      renameSync(made, folder);
    } catch (error) {
      // Another process may have been faster; what it made is the same.
      if (!existsSync(folder)) throw error;
      rmSync(made, { recursive: true, force: true });
    }
    forgetOld();
  }
  return readAssembly(folder, `plumbline-${config.fleet}`);
}

function readAssembly(folder: string, stackName: string): Assembly {
  const read = (name: string): unknown => JSON.parse(readFileSync(join(folder, name), 'utf8'));
  const assets = read(`${stackName}.assets.json`);
  const files = isJsonObject(assets) && isJsonObject(assets.files) ? assets.files : {};
  const pathByKey = new Map<string, string>();
  for (const file of Object.values(files)) {
    if (!isJsonObject(file) || !isJsonObject(file.source) || !isJsonObject(file.destinations)) continue;
    for (const destination of Object.values(file.destinations)) {
      if (isJsonObject(destination))
        pathByKey.set(String(destination.objectKey), join(folder, String(file.source.path)));
    }
  }
  return {
    stackName,
    template: read(`${stackName}.template.json`),
    targets: readdirSync(folder)
      .sort()
      .flatMap((name) => {
        const [, stack, account, region] = /^(.+-in-(\d{12})-(.+))\.template\.json$/.exec(name) ?? [];
        if (stack === undefined || account === undefined || region === undefined) return [];
        return [{ stack, account, region, template: read(name) }];
      }),
    assetPath: (key) => {
      const path = pathByKey.get(key);
      if (path === undefined || !existsSync(path)) throw new Error(`the assembly has no asset ${key}`);
      return path;
    },
  };
}

function digestOf(config: string): string {
  const hash = createHash('sha256').update(config);
  for (const path of SOURCES.flatMap(filesBelow)) hash.update(`\0${path}\0`).update(readFileSync(join(ROOT, path)));
  return hash.digest('hex').slice(0, 24);
}

function filesBelow(path: string): readonly string[] {
  if (!statSync(join(ROOT, path)).isDirectory()) return [path];
  const entries = readdirSync(join(ROOT, path), { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name).slice(ROOT.length + 1))
    .sort();
}

function forgetOld(): void {
  for (const path of readdirSync(CACHE).map((name) => join(CACHE, name))) {
    const changedMs = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
    if (Date.now() - changedMs > KEPT_MS) rmSync(path, { recursive: true, force: true });
  }
}
