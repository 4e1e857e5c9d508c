import { err } from '#lib/core/result.ts';
import { readAgentFile } from '#lib/server/agent-file/read-agent-file.ts';
import { publicRoute } from '#lib/web/route.ts';

/** In the form that `sha256sum -c` reads. */
export const GET = publicRoute({}, async () => {
  const file = readAgentFile(process.cwd());
  if (file === null) return err({ code: 'not-found', detail: 'The file has not been built here.' });
  return new Response(`${file.sha256}  countersign.mjs\n`, {
    headers: { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-cache' },
  });
});
