/** What the tree of an expression tells before it runs: how large it is, how deep its loops go, what it calls. */
import type { ParsedExpression } from './expression.ts';

type Expr = ParsedExpression['expr'];

export interface ExpressionShape {
  readonly nodes: number;
  /** Loops within loops: `a.all(x, x.b.exists(y, ...))` has 2. */
  readonly loopDepth: number;
  /** How often `+` stands in it. */
  readonly additions: number;
  /** How often a text is matched against a pattern. */
  readonly patterns: number;
  readonly unknownFunctions: readonly { readonly name: string; readonly id: bigint }[];
}

/** They are macros or operators of the language itself. */
const OF_THE_LANGUAGE: ReadonlySet<string> = new Set(['_&&_', '_||_', '_?_:_', '_[_]', '!_', '@not_strictly_false']);

export function shapeOf(root: Expr, isKnown: (name: string) => boolean): ExpressionShape {
  const nodes = nodesBelow(root, 0);
  const calls = nodes.flatMap(({ expr: { exprKind, id } }) =>
    exprKind.case === 'callExpr' ? [{ name: exprKind.value.function, id }] : [],
  );
  return {
    nodes: nodes.length,
    loopDepth: Math.max(...nodes.map(({ depth }) => depth)),
    additions: calls.filter(({ name }) => name === '_+_').length,
    patterns: calls.filter(({ name }) => name === 'matches').length,
    unknownFunctions: calls.filter(({ name }) => !OF_THE_LANGUAGE.has(name) && !isKnown(name)),
  };
}

function nodesBelow(expr: Expr, depth: number): readonly { readonly expr: Expr; readonly depth: number }[] {
  const below = childrenOf(expr).flatMap((child) => nodesBelow(child.expr, depth + (child.isRepeated ? 1 : 0)));
  return [{ expr, depth }, ...below];
}

interface Child {
  readonly expr: Expr;
  /** Evaluated for every entry of a list or map. */
  readonly isRepeated: boolean;
}

function childrenOf({ exprKind }: Expr): readonly Child[] {
  switch (exprKind.case) {
    case 'selectExpr':
      return once([exprKind.value.operand]);
    case 'callExpr':
      return once([exprKind.value.target, ...exprKind.value.args]);
    case 'listExpr':
      return once(exprKind.value.elements);
    case 'structExpr':
      return once(
        exprKind.value.entries.flatMap(({ keyKind, value }) => [
          keyKind.case === 'mapKey' ? keyKind.value : undefined,
          value,
        ]),
      );
    case 'comprehensionExpr': {
      const { iterRange, accuInit, loopCondition, loopStep, result } = exprKind.value;
      return [
        ...once([iterRange, accuInit, result]),
        ...once([loopCondition, loopStep]).map(({ expr }) => ({ expr, isRepeated: true })),
      ];
    }
    case 'constExpr':
    case 'identExpr':
    case undefined:
      return [];
  }
}

function once(children: readonly (Expr | undefined)[]): readonly Child[] {
  return children.flatMap((expr) => (expr === undefined ? [] : [{ expr, isRepeated: false }]));
}
