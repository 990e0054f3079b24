/**
 * The code of each function by esbuild: one file that is loaded at its start, and beside it what only some fleets need
 * and `import()` fetches, so that a start reads no more than it uses. Everything is bundled, the SDK too: the one in
 * Lambda's runtime changes by itself and is slower to load from many files. The bytes depend on nothing but the sources, so that a second
 * synth is the same and a deploy without a change is none.
 */
import { copyFileSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { type BuildOptions, buildSync, type Metafile } from 'esbuild';
import { FUNCTION_NAMES, type FunctionName } from '../shared/config/names.ts';

const ROOT = join(import.meta.dirname, '..');

export interface FunctionBundle {
  readonly name: FunctionName;
  /** Holds `index.mjs`, whose `handler` is the function's, its late parts, source maps, and what it reads; nothing else. */
  readonly folder: string;
  /** Of all its code, late parts too. */
  readonly bytes: number;
  readonly gzipBytes: number;
  /** Every file that went in, relative to the root of the project. */
  readonly inputs: readonly string[];
}

/** Returns the bundles of `names` (default: every function that there is) in `outDir`, one folder each; they replace what is there. */
export function bundleFunctions(
  outDir: string,
  names: readonly FunctionName[] = FUNCTION_NAMES.filter((name) => existsSync(sourceOf(name))),
): readonly FunctionBundle[] {
  return names.map((name) => bundleFunction(outDir, name));
}

function bundleFunction(outDir: string, name: FunctionName): FunctionBundle {
  const folder = join(outDir, name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  // Built as if it stood in the project: paths in the source map must not depend on where it is written to.
  const outdir = join(ROOT, 'functions');
  const { metafile, outputFiles } = buildSync({
    ...BUILD,
    entryPoints: { index: sourceOf(name) },
    outdir,
    write: false,
  });
  for (const { path, contents } of outputFiles) writeFileSync(join(folder, basename(path)), contents);
  for (const path of FILES[name] ?? []) copyFileSync(join(ROOT, path), join(folder, basename(path)));
  const code = outputFiles.flatMap(({ path, contents }) => (path.endsWith('.mjs') ? contents : []));
  return {
    name,
    folder,
    bytes: code.reduce((sum, { length }) => sum + length, 0),
    gzipBytes: code.reduce((sum, contents) => sum + gzipSync(contents, { level: 9 }).length, 0),
    inputs: inputsOf(metafile),
  };
}

/** What a function reads beside its code. */
const FILES: Readonly<Partial<Record<FunctionName, readonly string[]>>> = { 'dashboard-widget': ['docs/runbook.md'] };

function sourceOf(name: FunctionName): string {
  return join(ROOT, 'functions', `${name}.ts`);
}

function inputsOf({ outputs }: Metafile): readonly string[] {
  const used = Object.values(outputs).flatMap(({ inputs }) =>
    Object.entries(inputs).flatMap(([path, { bytesInOutput }]) => (bytesInOutput > 0 ? [path] : [])),
  );
  return [...new Set(used)].sort();
}

/** CommonJS packages among the dependencies call `require` for Node's own modules, which an ES module does not have. */
const REQUIRE =
  "import { createRequire as __createRequire } from 'node:module';const require = __createRequire(import.meta.url);";

const BUILD = {
  absWorkingDir: ROOT,
  bundle: true,
  platform: 'node',
  target: 'node24',
  format: 'esm',
  splitting: true,
  outExtension: { '.js': '.mjs' },
  mainFields: ['module', 'main'],
  // Names stay: stack traces and error names are read by people, and gzip takes most of what they cost.
  minifySyntax: true,
  minifyWhitespace: true,
  sourcemap: 'linked',
  sourcesContent: false,
  legalComments: 'none',
  charset: 'utf8',
  banner: { js: REQUIRE },
  metafile: true,
  logLevel: 'error',
} as const satisfies BuildOptions;
