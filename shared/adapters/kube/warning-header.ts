/** `299 - "text"`, comma-separated; RFC 7234 section 5.5. */
const WARNING = /\d{3} \S+ "((?:[^"\\]|\\.)*)"/g;

/** Returns the texts of an answer's `Warning` headers, in order. */
export function parseWarnings(header: string | readonly string[] | undefined): readonly string[] {
  if (header === undefined) return [];
  const line = typeof header === 'string' ? header : header.join(', ');
  return [...line.matchAll(WARNING)].map(([, text = '']) => text.replaceAll(/\\(.)/g, '$1'));
}
