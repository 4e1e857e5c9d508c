import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { keepOfflinePage } from './offline.ts';
import type { WorkerScope } from './scope.ts';

/** A browser's caches, as far as the worker uses them. */
function makeCaches() {
  const kept = new Map<string, Map<string, Response>>();
  return {
    kept,
    delete: async (name: string) => kept.delete(name),
    open: async (name: string) => {
      const cache = kept.get(name) ?? new Map<string, Response>();
      kept.set(name, cache);
      return { put: async (path: string, answer: Response) => void cache.set(path, answer) };
    },
  };
}

const PAGE =
  '<html><head><link rel="stylesheet" href="/_next/static/chunks/a.css"></head><body><h1>Away</h1></body></html>';

test('a new worker that cannot load its offline page leaves the one before in place', async () => {
  const caches = makeCaches();
  // Parse boundary: the scope is the browser's, and only its caches are asked for here.
  const scope = { caches } as unknown as WorkerScope;
  let isUp = true;
  const fetching = mock.method(globalThis, 'fetch', async (path: string) => {
    if (path === '/offline') return new Response(PAGE);
    return isUp ? new Response('') : new Response('', { status: 503 });
  });
  try {
    await keepOfflinePage(scope);
    const paths = ['/offline', '/offline/_next/static/chunks/a.css', '/offline/offline-retry.js'];
    const keptNow = () => [...(caches.kept.get('countersign-offline')?.keys() ?? [])].sort();
    assert.deepEqual(keptNow(), paths);
    isUp = false;
    await assert.rejects(keepOfflinePage(scope), /answered 503/);
    assert.deepEqual(keptNow(), paths);
  } finally {
    fetching.mock.restore();
  }
});
