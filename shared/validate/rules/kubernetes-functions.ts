/**
 * Functions that Kubernetes adds to CEL and rules use most. Values of its own types (quantity, URL, IP, CIDR) are maps
 * with one entry, which no value of an object looks like. A function that is not here makes a rule one that is not checked.
 * Source: kubernetes.io, "Common Expression Language in Kubernetes", Kubernetes CEL libraries, v1.36.
 */
import type { CelFunc, CelInput, CelValue } from '@bufbuild/cel';
import { isIp, isIpRange } from '../formats.ts';
import { isQuantity, quantityValue } from '../quantity.ts';

type Cel = typeof import('@bufbuild/cel');

const QUANTITY = '@quantity';
const URL_TEXT = '@url';

/** Returns the functions, for an environment. */
export function kubernetesFunctions(cel: Cel): readonly CelFunc[] {
  return [...listFunctions(cel), ...quantityFunctions(cel), ...urlFunctions(cel), ...ipFunctions(cel)];
}

function listFunctions({ CelScalar, celMethod, listType }: Cel): readonly CelFunc[] {
  const { BOOL, DYN, INT } = CelScalar;
  const list = listType(DYN);
  return [
    celMethod('isSorted', list, [], BOOL, function () {
      const items = [...this];
      return items.every((item, at) => at === 0 || compare(items[at - 1], item) <= 0);
    }),
    celMethod('sum', list, [], DYN, function () {
      return [...this].reduce<CelInput>((total, item) => add(total, item), 0n);
    }),
    celMethod('min', list, [], DYN, function () {
      return extreme([...this], -1);
    }),
    celMethod('max', list, [], DYN, function () {
      return extreme([...this], 1);
    }),
    celMethod('indexOf', list, [DYN], INT, function (wanted) {
      return BigInt([...this].indexOf(wanted));
    }),
    celMethod('lastIndexOf', list, [DYN], INT, function (wanted) {
      return BigInt([...this].lastIndexOf(wanted));
    }),
  ];
}

function compare(a: CelValue | undefined, b: CelValue | undefined): number {
  const isNumber = isNumeric(a) && isNumeric(b);
  const isSame = (typeof a === 'string' && typeof b === 'string') || (typeof a === 'boolean' && typeof b === 'boolean');
  if (!isNumber && !isSame) throw new Error('found no matching overload for comparing entries of a list');
  return order(a, b);
}

function isNumeric(value: CelValue | undefined): boolean {
  return typeof value === 'bigint' || typeof value === 'number';
}

function order<T>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function add(a: CelInput, b: CelInput): CelInput {
  if (typeof a === 'bigint' && typeof b === 'bigint') return a + b;
  if ((typeof a === 'bigint' || typeof a === 'number') && typeof b === 'number') return Number(a) + b;
  throw new Error('found no matching overload for the sum of a list');
}

function extreme(items: readonly CelValue[], sign: 1 | -1): CelValue {
  const [first, ...rest] = items;
  if (first === undefined) throw new Error('the list is empty');
  return rest.reduce((best, item) => (compare(item, best) * sign > 0 ? item : best), first);
}

function quantityFunctions({ CelScalar, celFunc, celMethod, mapType }: Cel): readonly CelFunc[] {
  const { BOOL, DOUBLE, DYN, INT, STRING } = CelScalar;
  const quantity = mapType(STRING, DYN);
  const amountOf = (of: Entries) => numberIn(of, QUANTITY);
  const compared = (name: string, holds: (a: number, b: number) => boolean) =>
    celMethod(name, quantity, [quantity], BOOL, function (other) {
      return holds(amountOf(this), amountOf(other));
    });
  return [
    celFunc('isQuantity', [STRING], BOOL, isQuantity),
    celFunc('quantity', [STRING], quantity, (text) => new Map([[QUANTITY, valueOfQuantity(text)]])),
    compared('isLessThan', (a, b) => a < b),
    compared('isGreaterThan', (a, b) => a > b),
    celMethod('compareTo', quantity, [quantity], INT, function (other) {
      return BigInt(Math.sign(amountOf(this) - amountOf(other)));
    }),
    celMethod('sign', quantity, [], INT, function () {
      return BigInt(Math.sign(amountOf(this)));
    }),
    celMethod('asInteger', quantity, [], INT, function () {
      return BigInt(amountOf(this));
    }),
    celMethod('isInteger', quantity, [], BOOL, function () {
      return Number.isInteger(amountOf(this));
    }),
    celMethod('asApproximateFloat', quantity, [], DOUBLE, function () {
      return amountOf(this);
    }),
    celMethod('add', quantity, [quantity], quantity, function (other) {
      return new Map([[QUANTITY, amountOf(this) + amountOf(other)]]);
    }),
    celMethod('sub', quantity, [quantity], quantity, function (other) {
      return new Map([[QUANTITY, amountOf(this) - amountOf(other)]]);
    }),
  ];
}

interface Entries {
  get(key: string): unknown;
}

function numberIn(of: Entries, key: string): number {
  const value = of.get(key);
  if (typeof value !== 'number') throw new Error('found no matching overload: this is no quantity');
  return value;
}

function valueOfQuantity(text: string): number {
  const value = quantityValue(text);
  if (value === undefined) throw new Error(`${JSON.stringify(text)} is no quantity`);
  return value;
}

function urlFunctions({ CelScalar, celFunc, celMethod, listType, mapType }: Cel): readonly CelFunc[] {
  const { BOOL, DYN, STRING } = CelScalar;
  const url = mapType(STRING, DYN);
  const part = (name: string, read: (of: URL) => string) =>
    celMethod(name, url, [], STRING, function () {
      return read(new URL(String(this.get(URL_TEXT))));
    });
  return [
    celFunc('isURL', [STRING], BOOL, (text) => URL.canParse(text)),
    celFunc('url', [STRING], url, (text) => {
      if (!URL.canParse(text)) throw new Error(`${JSON.stringify(text)} is no URL`);
      return new Map([[URL_TEXT, text]]);
    }),
    part('getScheme', ({ protocol }) => protocol.slice(0, -1)),
    part('getHost', ({ host }) => host),
    celMethod('getHostname', url, [], STRING, function () {
      return /^[a-z][a-z0-9+.-]*:\/\/(?:[^@/?#]*@)?(\[[^\]]+\]|[^:/?#]*)/i.exec(String(this.get(URL_TEXT)))?.[1] ?? '';
    }),
    part('getPort', ({ port }) => port),
    part('getEscapedPath', ({ pathname }) => pathname),
    celMethod('getQuery', url, [], mapType(STRING, listType(STRING)), function () {
      const { searchParams } = new URL(String(this.get(URL_TEXT)));
      return new Map([...new Set(searchParams.keys())].map((key) => [key, searchParams.getAll(key)]));
    }),
  ];
}

function ipFunctions({ CelScalar, celFunc }: Cel): readonly CelFunc[] {
  const { BOOL, STRING } = CelScalar;
  return [celFunc('isIP', [STRING], BOOL, isIp), celFunc('isCIDR', [STRING], BOOL, isIpRange)];
}
