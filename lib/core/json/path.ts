const PLAIN = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** Extends a JSONPath (RFC 9535 normalised enough to read): `$.a.b`, `$.list[0]`, `$["odd key"]`. */
export function childPath(parent: string, key: string | number): string {
  if (typeof key === 'number') return `${parent}[${key}]`;
  return PLAIN.test(key) ? `${parent}.${key}` : `${parent}[${JSON.stringify(key)}]`;
}
