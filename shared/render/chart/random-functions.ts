/**
 * Functions of Helm's templates that give something else each time: chance, the clock, and the order of a map's keys.
 * Source: the function map of Masterminds/sprig v3.3 and Helm's own, v4.2.
 */
import { actionsOf } from './template-actions.ts';

const CHANCE = [
  ...['randAlphaNum', 'randAlpha', 'randAscii', 'randNumeric', 'randBytes', 'randInt', 'shuffle', 'uuidv4'],
  ...['genPrivateKey', 'genCA', 'genCAWithKey', 'genSelfSignedCert', 'genSelfSignedCertWithKey', 'genSignedCert'],
  ...['genSignedCertWithKey', 'htpasswd', 'bcrypt', 'encryptAES', 'now', 'ago', 'keys', 'values'],
];
const ANY = new RegExp(`\\b(?:${CHANCE.join('|')})\\b`);

/** Returns the names of such functions that `text` calls, in the order of their first call. */
export function randomFunctionsIn(text: string): readonly string[] {
  if (!text.includes('{{') || !ANY.test(text)) return [];
  const words = actionsOf(text).flatMap((tokens) => tokens.filter(({ kind }) => kind === 'word'));
  return [...new Set(words.map((token) => token.text).filter((name) => CHANCE.includes(name)))];
}
