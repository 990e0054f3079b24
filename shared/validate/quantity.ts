/** Quantities of resources. Source: apimachinery v0.36, pkg/api/resource, the grammar of Quantity. */

const QUANTITY = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[KMGTPE]i|[numkMGTPE]|[eE][+-]?\d+)?$/;

const FACTORS: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

export function isQuantity(text: string): boolean {
  return QUANTITY.test(text);
}

/** Returns the value of a quantity as a number, exact to 15 digits; undefined when it is none. */
export function quantityValue(text: string): number | undefined {
  if (!isQuantity(text)) return undefined;
  const [, digits = '', suffix = ''] = /^([+-]?[\d.]+)(.*)$/.exec(text) ?? [];
  if (/^[eE][+-]?\d/.test(suffix)) return Number(text);
  return Number(digits) * (FACTORS[suffix] ?? 1);
}
