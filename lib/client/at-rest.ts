/** At the latest, on a page that never comes to rest or in a browser that does not say when. */
const REST_MS = 4000;

/** Calls once the page has come to rest; on the server, never. */
export function atRest(call: () => void): void {
  if (typeof window === 'undefined') return;
  if ('requestIdleCallback' in window) requestIdleCallback(call, { timeout: REST_MS });
  else setTimeout(call, REST_MS);
}
