// Client-safe.
/**
 * Where to go after signing in. Only a path of this console: an attacker who writes the link would otherwise send a freshly
 * signed-in reviewer to a copy of it (`//evil.example`, `/\evil.example`, `https:…`).
 */
export function safeNext(next: string | string[] | undefined): string {
  if (typeof next !== 'string' || !next.startsWith('/')) return '/';
  const base = 'http://console.invalid';
  if (!URL.canParse(next, base)) return '/';
  const url = new URL(next, base);
  if (url.origin !== base || url.pathname.startsWith('//') || url.pathname.startsWith('/sign-in')) return '/';
  return `${url.pathname}${url.search}`;
}
