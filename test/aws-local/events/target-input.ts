/** What a rule hands to its target: the event, a part of it, a text of its own, or one made of parts. */
import { isJsonObject } from '../../../shared/model/json.ts';
import type { PropertiesOf } from '../template/resource-types.ts';
import { TemplateFault } from '../template/template-fault.ts';

export type RuleTarget = PropertiesOf<'AWS::Events::Rule'>['Targets'][number];

/** Returns the input as text. Source: EventBridge User Guide, "Input transformation". */
export function inputOf({ Input, InputPath, InputTransformer, Id }: RuleTarget, event: object): string {
  if (Input !== undefined) return Input;
  if (InputPath !== undefined) return JSON.stringify(valueAt(InputPath, event));
  if (InputTransformer === undefined) return JSON.stringify(event);
  const { InputPathsMap, InputTemplate } = InputTransformer;
  // Within quotes a text is inserted as it is; elsewhere as JSON.
  return InputTemplate.replaceAll(/"[^"]*"|<[^<>\s"]+>/g, (part) => {
    const insert = (name: string, isQuoted: boolean) => {
      const path = InputPathsMap[name];
      if (path === undefined)
        throw new TemplateFault(`target ${Id}`, `the input template has <${name}>, which has no path`);
      const value = valueAt(path, event);
      if (isQuoted)
        return typeof value === 'string' ? JSON.stringify(value).slice(1, -1) : String(JSON.stringify(value));
      return JSON.stringify(value) ?? '""';
    };
    if (!part.startsWith('"')) return insert(part.slice(1, -1), false);
    return part.replaceAll(/<([^<>\s]+)>/g, (_match, name: string) => insert(name, true));
  });
}

/** Paths like `$.detail.event`, `$.resources[0]`. */
function valueAt(path: string, event: object): unknown {
  const steps = path
    .replace(/^\$\.?/, '')
    .split(/[.[\]]+/)
    .filter((step) => step !== '');
  return steps.reduce<unknown>(
    (value, step) => (Array.isArray(value) ? value[Number(step)] : isJsonObject(value) ? value[step] : undefined),
    event,
  );
}
