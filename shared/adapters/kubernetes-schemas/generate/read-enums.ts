/**
 * The published OpenAPI of Kubernetes has no enumerations; the Go types have: a type marked `+enum`, its constants, and
 * the fields of that type. Source: kube-openapi, pkg/generators/enum.go.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

export interface EnumField {
  /** Of OpenAPI: `io.k8s.api.core.v1.ServiceSpec`. */
  readonly type: string;
  readonly field: string;
  readonly isList: boolean;
  readonly values: readonly string[];
}

/** Returns the fields of enumerated types in a checkout of k8s.io/api. */
export function readEnumFields(folder: string): readonly EnumField[] {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) =>
    /\/types\w*\.go$/.test(path),
  );
  return files.flatMap((path) => {
    const text = readFileSync(join(folder, path), 'utf8');
    const name = relative('.', path).split('/').slice(0, -1).join('.');
    return fieldsOf(text, `io.k8s.api.${name}`);
  });
}

function fieldsOf(text: string, packageName: string): readonly EnumField[] {
  const enums = enumsOf(text);
  const structs = text.matchAll(/^type (\w+) struct \{\n([\s\S]*?)^\}/gm);
  return [...structs].flatMap(([, struct = '', body = '']) =>
    [...body.matchAll(/^\t\w+\s+(\[\])?\*?(\w+)\s+`json:"(\w+)/gm)].flatMap(([, list, goType = '', field = '']) => {
      const values = enums.get(goType);
      return values === undefined
        ? []
        : [{ type: `${packageName}.${struct}`, field, isList: list !== undefined, values }];
    }),
  );
}

function enumsOf(text: string): ReadonlyMap<string, readonly string[]> {
  const marked = [...text.matchAll(/^\/\/ \+enum\n(?:\/\/.*\n)*type (\w+) string/gm)].map(([, name = '']) => name);
  return new Map(
    marked.map((name) => {
      const constants = text.matchAll(new RegExp(`^(?:const )?\\t?\\w+\\s+${name}\\s*=\\s*"([^"]*)"`, 'gm'));
      return [name, [...constants].map(([, value = '']) => value).sort()] as const;
    }),
  );
}
