/** CEL as Kubernetes has it, as far as the library goes. It is loaded where there is an expression to evaluate. */
import type { CelInput } from '@bufbuild/cel';
import type { CelTimes } from './cel-values.ts';
import { kubernetesFunctions } from './kubernetes-functions.ts';

export type Evaluated =
  | { readonly ok: true; readonly value: unknown }
  /** The server would say the same. */
  | { readonly ok: false; readonly because: 'fails'; readonly wrong: string }
  /** The library does not know something that the server does. */
  | { readonly ok: false; readonly because: 'unknown'; readonly wrong: string };

export interface CelEnvironment {
  readonly times: CelTimes;
  evaluate(expression: string, variables: Readonly<Record<string, CelInput>>): Evaluated;
}

/** What an expression says that we cannot follow, in the words of the library. */
const BEYOND_US = /unbound function|unresolved attribute|no such overload|no matching overload|not supported/i;

let loading: Promise<CelEnvironment> | undefined;

export function celEnvironment(): Promise<CelEnvironment> {
  loading ??= load();
  return loading;
}

async function load(): Promise<CelEnvironment> {
  const cel = await import('@bufbuild/cel');
  const { strings } = await import('@bufbuild/cel/ext');
  const environment = cel.celEnv({ funcs: [...strings, ...kubernetesFunctions(cel)] });
  const plans = new Map<string, ReturnType<typeof plan>>();
  const plan = (expression: string) => {
    try {
      return { run: cel.plan(environment, cel.parse(expression)) };
    } catch (error) {
      return { wrong: error instanceof Error ? error.message : 'it cannot be read' };
    }
  };
  const evaluate: CelEnvironment['evaluate'] = (expression, variables) => {
    const planned = plans.get(expression) ?? plan(expression);
    plans.set(expression, planned);
    // Optional fields (`self.?a`) and the newest macros are not in the grammar of the library: not the rule's fault.
    if ('wrong' in planned) return { ok: false, because: 'unknown', wrong: planned.wrong };
    const value = planned.run(variables);
    if (!cel.isCelError(value)) return { ok: true, value };
    const because = BEYOND_US.test(value.message) ? 'unknown' : 'fails';
    return { ok: false, because, wrong: value.message };
  };
  const time = (word: string) => (text: string) => {
    const read = evaluate(`${word}(text)`, { text });
    return read.ok ? (read.value as CelInput) : undefined; // what an expression gives may be given to another
  };
  return { times: { timestamp: time('timestamp'), duration: time('duration') }, evaluate };
}
