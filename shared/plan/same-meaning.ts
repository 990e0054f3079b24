/**
 * Whether a declared value and a live one mean the same although they read differently: the API server writes
 * quantities in its own way (cpu 1000m is 1) and fills defaults into maps. Nothing else counts as equal.
 * Source: apimachinery, pkg/api/resource/quantity.go.
 */
import { isJsonObject, type Json } from '../model/json.ts';
import type { FieldPath } from './field-path.ts';

const SUFFIX_FACTOR: ReadonlyMap<string, number> = new Map([
  ['n', 1e-9],
  ['u', 1e-6],
  ['m', 1e-3],
  ['', 1],
  ['k', 1e3],
  ['M', 1e6],
  ['G', 1e9],
  ['T', 1e12],
  ['P', 1e15],
  ['E', 1e18],
  ['Ki', 2 ** 10],
  ['Mi', 2 ** 20],
  ['Gi', 2 ** 30],
  ['Ti', 2 ** 40],
  ['Pi', 2 ** 50],
  ['Ei', 2 ** 60],
]);
const QUANTITY = /^([+-]?[0-9]*\.?[0-9]+(?:[eE][+-]?[0-9]+)?|[+-]?[0-9]+\.)(n|u|m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei)?$/;
/** Maps of quantities, and single ones, in the built-in kinds. */
const QUANTITY_FIELDS = new Set([
  'limits',
  'requests',
  'capacity',
  'hard',
  'overhead',
  'sizeLimit',
  'divisor',
  'default',
  'defaultRequest',
  'max',
  'min',
  'averageValue',
  'value',
]);

/** Tells whether `found` is what `wanted` asks for at `path`. */
export function meansTheSame(wanted: Json, found: Json | undefined, path: FieldPath): boolean {
  if (found === undefined) return false;
  if (Array.isArray(wanted)) {
    if (!Array.isArray(found) || found.length !== wanted.length) return false;
    return wanted.every((item, index) => meansTheSame(item, found[index], [...path, { element: 'index', index }]));
  }
  if (isJsonObject(wanted)) {
    if (!isJsonObject(found)) return false;
    const names = Object.keys(wanted);
    if (names.length === 0) return Object.keys(found).length === 0;
    return names.every((name) => {
      const value = wanted[name];
      return value === undefined || meansTheSame(value, found[name], [...path, { element: 'field', name }]);
    });
  }
  if (wanted === found) return true;
  if (typeof found === 'object') return false;
  return isQuantityField(path) && quantityOf(wanted) === quantityOf(found) && quantityOf(wanted) !== undefined;
}

function isQuantityField(path: FieldPath): boolean {
  return path.slice(-2).some((element) => element.element === 'field' && QUANTITY_FIELDS.has(element.name));
}

function quantityOf(value: Json): number | undefined {
  const match = typeof value === 'string' || typeof value === 'number' ? QUANTITY.exec(String(value)) : null;
  const factor = match && SUFFIX_FACTOR.get(match[2] ?? '');
  // Rounded to a nano unit, the finest that a quantity holds, so that 0.1 and 100m meet.
  return match && factor !== undefined && factor !== null ? Math.round(Number(match[1]) * factor * 1e9) : undefined;
}
