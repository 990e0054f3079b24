/**
 * What the document calls required, or the Go types enumerate, and the API server takes otherwise: found by asking one
 * (test/unit/validate/against-server.test.ts). `type/field` for required fields, `type/field=` for enumerations.
 */
export const NOT_CHECKED_BY_SERVER: ReadonlySet<string> = new Set<string>([]);
