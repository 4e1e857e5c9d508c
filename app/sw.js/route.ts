import { err } from '#lib/core/result.ts';
import { readServiceWorker } from '#lib/server/service-worker/service-worker-file.ts';
import { publicRoute } from '#lib/web/route.ts';

/** Public: a browser asks for it without a page. Never kept, so that a mended one arrives at the next visit. */
export const GET = publicRoute({}, async () => {
  const source = readServiceWorker(process.cwd());
  if (source === null) return err({ code: 'not-found', detail: 'The file has not been built here.' });
  return new Response(source, {
    headers: {
      'content-type': 'text/javascript; charset=utf-8',
      'cache-control': 'no-cache, no-store, must-revalidate',
      'service-worker-allowed': '/',
    },
  });
});
