/** Real objects with the verdict that Argo CD's tests expect of each: a folder with `cases.jsonl` and `objects/`. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CORE_SCHEMA, load } from 'js-yaml';
import * as z from 'zod';
import { HEALTHS } from '../../../shared/model/health.ts';
import { isJsonObject } from '../../../shared/model/json.ts';
import { isKubeObject } from '../../../shared/model/kube-json.ts';
import type { KubeObject } from '../../../shared/model/kube-object.ts';

const CASE = z.object({ object: z.string(), status: z.string().toLowerCase().pipe(z.enum(HEALTHS)) });

export interface RealObject {
  /** `<group>/<kind>/<name>.yaml` */
  readonly path: string;
  readonly expected: (typeof HEALTHS)[number];
  /** Undefined: the file is no YAML by the specification. */
  readonly object: KubeObject | undefined;
}

export function readRealObjects(folder: string): readonly RealObject[] {
  const lines = readFileSync(join(folder, 'cases.jsonl'), 'utf8').trim().split('\n');
  return lines.map((line) => {
    const { object, status } = CASE.parse(JSON.parse(line));
    return {
      path: object.replace(/^objects\//, ''),
      expected: status,
      object: readObject(readFileSync(join(folder, object), 'utf8')),
    };
  });
}

/** What Go's decoder takes is taken here too: a key given twice, of which the last counts; an object without a name. */
function readObject(text: string): KubeObject | undefined {
  try {
    const value: unknown = load(text, { schema: CORE_SCHEMA, json: true });
    const metadata = isJsonObject(value) && isJsonObject(value.metadata) ? value.metadata : {};
    const named = isJsonObject(value) ? { ...value, metadata: { name: 'it', ...metadata } } : undefined;
    return isKubeObject(named) ? named : undefined;
  } catch {
    return undefined;
  }
}
