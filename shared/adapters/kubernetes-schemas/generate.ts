/**
 * Makes releases.txt.br anew from the Go modules of Kubernetes (Apache-2.0; see SOURCE.md), which `go mod download`
 * brings: `npm run kubernetes:update`. Versions of one type that are alike stand in the table once.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';
import { downloadModule } from './generate/download-module.ts';
import { type EnumField, readEnumFields } from './generate/read-enums.ts';
import { readLifecycles } from './generate/read-lifecycles.ts';
import { type ReleaseTypes, readOpenApi } from './generate/read-openapi.ts';
import { shareTypes } from './generate/share-types.ts';

/** The newest patch of each minor release that EKS runs, and of k8s.io/api the newest release: it knows what is to come. */
const RELEASES = ['1.31.14', '1.32.13', '1.33.13', '1.34.4', '1.35.4', '1.36.3'];
const LIFECYCLES = ['k8s.io/api@v0.37.2', 'k8s.io/apiextensions-apiserver@v0.36.3', 'k8s.io/kube-aggregator@v0.36.3'];

const OUTPUT = join(import.meta.dirname, 'releases.txt.br');

function readRelease(version: string): ReleaseTypes {
  const enums: readonly EnumField[] = readEnumFields(downloadModule(`k8s.io/api@v${version.replace(/^1/, '0')}`));
  return readOpenApi(downloadModule(`k8s.io/kubernetes@v${version}`), enums);
}

const releases = RELEASES.map((version) => ({ version, ...readRelease(version) }));
const shared = shareTypes(releases.map(({ types }) => types));
const versions = releases.map(({ version, kinds }, index) => [
  version.replace(/\.\d+$/, ''),
  kinds.map(({ key, type, namespaced, plural }) => [key, shared.indexOf(index, type), namespaced ? 1 : 0, plural]),
]);
const lifecycles = readLifecycles(LIFECYCLES.map(downloadModule));
const lines = [{ releases: RELEASES, versions, lifecycles }, ...shared.table].map((line) => JSON.stringify(line));
const text = lines.join('\n');
const bytes = brotliCompressSync(text, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: text.length } });
writeFileSync(OUTPUT, bytes);
process.stdout.write(`${OUTPUT}: ${shared.table.length} types, ${text.length} bytes, ${bytes.length} compressed\n`);
