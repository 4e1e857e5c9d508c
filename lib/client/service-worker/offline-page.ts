// The page that stands in when the server cannot be reached: kept whole, without a script of the app and without any data.

const PREFIX = '/offline';
/** Asks now and then whether the server is back, and loads the page again. */
const RETRY_SCRIPT = '/offline-retry.js';
const STATIC = /\/_next\/static\/[^"'()\s\\]+\.(?:css|woff2)(?:\?[^"'()\s\\]*)?/g;

/** What the kept page may do: show itself, and ask for the server. */
const POLICY =
  "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self' 'unsafe-inline'; font-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** The styles and fonts that a page or a style sheet names, each once. */
export function assetsOf(text: string): readonly string[] {
  return [...new Set(text.match(STATIC) ?? [])];
}

/** Fonts that a style sheet names relative to itself. */
export function fontsOf(css: string, address: string): readonly string[] {
  const named = [...css.matchAll(/url\(\s*["']?([^"')]+\.woff2)[^)]*\)/g)].map(([, path = '']) => path);
  return [...new Set(named.map((path) => new URL(path, new URL(address, 'https://x.invalid')).pathname))];
}

/** Where a kept asset lies: under a prefix of its own, so that no request of an ordinary page is ever touched. */
export function keptPath(asset: string): string {
  return `${PREFIX}${asset}`;
}

/** Whether a request is for a kept asset. */
export function isKeptPath(pathname: string): boolean {
  return pathname.startsWith(`${PREFIX}/`);
}

/**
 * The page as it is kept. The app's scripts would take the address of the page that could not be loaded for the wrong one,
 * and ask for data that is not there: they go, and with them their preloads.
 */
export function keptPage(html: string): { readonly html: string; readonly policy: string } {
  const bare = html
    .replace(/<script\b[^>]*>[\s\S]*?<\/script>/gi, '')
    .replace(/<link\b[^>]*\bas="script"[^>]*>/gi, '')
    .replace(STATIC, (asset) => keptPath(asset))
    .replace('</body>', `<script src="${keptPath(RETRY_SCRIPT)}" defer></script></body>`);
  return { html: bare, policy: POLICY };
}

/** What is kept beside the page's own styles and fonts. */
export const EXTRAS: readonly string[] = [RETRY_SCRIPT];
