/**
 * The code of each function as one file, by esbuild. Everything is bundled, the SDK too: the one in Lambda's runtime
 * changes by itself and is slower to load from many files. The bytes depend on nothing but the sources, so that a second
 * synth is the same and a deploy without a change is none.
 */
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { type BuildOptions, buildSync, type Metafile } from 'esbuild';
import { FUNCTION_NAMES, type FunctionName } from '../shared/config/names.ts';

const ROOT = join(import.meta.dirname, '..');

export interface FunctionBundle {
  readonly name: FunctionName;
  /** Holds `index.mjs`, whose `handler` is the function's, its source map, and what it reads; nothing else. */
  readonly folder: string;
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
  const outfile = join(ROOT, 'functions', 'index.mjs');
  const { metafile, outputFiles } = buildSync({ ...BUILD, entryPoints: [sourceOf(name)], outfile, write: false });
  for (const { path, contents } of outputFiles) writeFileSync(join(folder, basename(path)), contents);
  for (const path of FILES[name] ?? []) copyFileSync(join(ROOT, path), join(folder, basename(path)));
  const code = readFileSync(join(folder, 'index.mjs'));
  return {
    name,
    folder,
    bytes: code.length,
    gzipBytes: gzipSync(code, { level: 9 }).length,
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
