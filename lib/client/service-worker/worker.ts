// The service worker: the offline page and pushes. Bundled by the build into /sw.js.
import { answerOffline, keepOfflinePage } from './offline.ts';
import type { WorkerScope } from './scope.ts';
import { openRequest, showPush } from './tell.ts';

// Parse boundary: this file runs as a service worker, whose global TypeScript takes for a page's.
const scope = globalThis as unknown as WorkerScope;

scope.addEventListener('install', (event) => {
  event.waitUntil(keepOfflinePage(scope).then(() => scope.skipWaiting()));
});
scope.addEventListener('activate', (event) => {
  const ready = [scope.clients.claim(), scope.registration.navigationPreload?.enable()];
  event.waitUntil(Promise.all(ready));
});
scope.addEventListener('fetch', (event) => answerOffline(scope, event));
scope.addEventListener('push', (event) => event.waitUntil(showPush(scope, event)));
scope.addEventListener('notificationclick', (event) => event.waitUntil(openRequest(scope, event)));
