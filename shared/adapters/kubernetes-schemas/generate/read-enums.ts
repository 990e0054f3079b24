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

/** Types that carry no mark, and whose values the server checks all the same. */
const UNMARKED = [
  'HPAScalingPolicyType',
  'LimitResponseType',
  'MetricSourceType',
  'MetricTargetType',
  'ParameterNotFoundActionType',
  'PersistentVolumeClaimRetentionPolicyType',
  'PriorityLevelEnablement',
  'ScalingPolicySelect',
];

/** Returns the fields of enumerated types in a checkout of k8s.io/api. */
export function readEnumFields(folder: string): readonly EnumField[] {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) =>
    /\/types\w*\.go$/.test(path),
  );
  const core = enumsOf(readFileSync(join(folder, 'core/v1/types.go'), 'utf8'));
  return files.flatMap((path) => {
    const text = readFileSync(join(folder, path), 'utf8');
    const name = relative('.', path).split('/').slice(0, -1).join('.');
    return fieldsOf(text, `io.k8s.api.${name}`, core);
  });
}

type Enums = ReadonlyMap<string, readonly string[]>;

/** Types of other packages are those of core, which goes by the name of v1 there. */
function fieldsOf(text: string, packageName: string, core: Enums): readonly EnumField[] {
  const own = enumsOf(text);
  const structs = text.matchAll(/^type (\w+) struct \{\n([\s\S]*?)^\}/gm);
  return [...structs].flatMap(([, struct = '', body = '']) =>
    [...body.matchAll(/^\t\w+\s+(\[\])?\*?(v1\.|corev1\.)?(\w+)\s+`json:"(\w+)/gm)].flatMap(
      ([, list, other, goType = '', field = '']) => {
        const values = (other === undefined ? own : core).get(goType);
        return values === undefined
          ? []
          : [{ type: `${packageName}.${struct}`, field, isList: list !== undefined, values }];
      },
    ),
  );
}

function enumsOf(text: string): Enums {
  const marked = [...text.matchAll(/^\/\/ \+enum\n(?:\/\/.*\n)*type (\w+) string/gm)].map(([, name = '']) => name);
  const unmarked = UNMARKED.filter((name) => text.includes(`\ntype ${name} string\n`) && !marked.includes(name));
  const values = [...marked, ...unmarked].flatMap((name) => {
    const constants = [
      ...text.matchAll(new RegExp(`^(?:const )?\\t?\\w+\\s+(?:${name}\\s*=\\s*(.*)|=\\s*${name}\\((.*)\\))`, 'gm')),
    ];
    const texts = constants.map(([, typed, converted]) => /^"([^"]*)"/.exec(typed ?? converted ?? '')?.[1]);
    // A constant that is written in terms of another one tells nothing here.
    return texts.length === 0 || texts.includes(undefined)
      ? []
      : [[name, texts.filter((one) => one !== undefined).sort()] as const];
  });
  return new Map(values);
}
