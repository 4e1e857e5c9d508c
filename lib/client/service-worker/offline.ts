// Keeps the offline page and answers with it. No answer of the API and no page with data is ever kept.
import { assetsOf, EXTRAS, fontsOf, isKeptPath, keptPage, keptPath } from './offline-page.ts';
import type { FetchEvent, WorkerScope } from './scope.ts';

const PAGE = '/offline';
const CACHE = 'countersign-offline';
/** What a proxy says in the server's place while it is away. */
const AWAY = new Set([502, 503, 504]);

/**
 * Keeps the page with its styles and fonts, anew: they belong to the build that this worker came with. All of it is loaded
 * before anything is dropped: a server that goes away in between must not leave the worker before without a page to show.
 */
export async function keepOfflinePage(scope: WorkerScope): Promise<void> {
  const page = await load(PAGE);
  const html = await page.text();
  const assets = new Set([...assetsOf(html), ...EXTRAS]);
  const loaded = new Map<string, Response>();
  for (const sheet of [...assets].filter((asset) => /\.css(\?|$)/.test(asset))) {
    const answer = await load(sheet);
    for (const font of fontsOf(await answer.clone().text(), sheet)) assets.add(font);
    loaded.set(sheet, answer);
  }
  const left = [...assets].filter((asset) => !loaded.has(asset));
  await Promise.all(left.map(async (asset) => loaded.set(asset, await load(asset))));
  const kept = keptPage(html);
  const headers = { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': kept.policy };
  await scope.caches.delete(CACHE);
  const cache = await scope.caches.open(CACHE);
  await Promise.all([...loaded].map(([asset, answer]) => cache.put(keptPath(asset), answer)));
  // Last: the page is there only when everything that it shows is.
  await cache.put(PAGE, new Response(kept.html, { headers }));
}

/** Answers a page that cannot be loaded with the kept one, and that one's assets. Everything else goes its own way. */
export function answerOffline(scope: WorkerScope, event: FetchEvent): void {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== scope.location.origin) return;
  if (request.mode === 'navigate') event.respondWith(loadPage(scope, event));
  else if (isKeptPath(url.pathname)) event.respondWith(keptOr(scope, url.pathname + url.search, () => fetch(request)));
}

async function loadPage(scope: WorkerScope, event: FetchEvent): Promise<Response> {
  try {
    const answer = (await event.preloadResponse) ?? (await fetch(event.request));
    return AWAY.has(answer.status) ? keptOr(scope, PAGE, async () => answer) : answer;
  } catch (error) {
    return keptOr(scope, PAGE, () => Promise.reject(error));
  }
}

async function keptOr(scope: WorkerScope, path: string, otherwise: () => Promise<Response>): Promise<Response> {
  const cache = await scope.caches.open(CACHE);
  return (await cache.match(path)) ?? otherwise();
}

async function load(path: string): Promise<Response> {
  const answer = await fetch(path, { cache: 'no-cache', credentials: 'same-origin', redirect: 'error' });
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}.`);
  return answer;
}
