import { err } from '#lib/core/result.ts';
import { readAgentFile } from '#lib/server/agent-file/read-agent-file.ts';
import { publicRoute } from '#lib/web/route.ts';

/** Public: an agent's machine has no session, and nothing in the file is secret. */
export const GET = publicRoute({}, async () => {
  const file = readAgentFile(process.cwd());
  if (file === null) return err({ code: 'not-found', detail: 'The file has not been built here.' });
  return new Response(file.content, {
    headers: {
      'content-type': 'text/javascript; charset=utf-8',
      'content-disposition': 'attachment; filename="countersign.mjs"',
      'cache-control': 'no-cache',
      'x-content-sha256': file.sha256,
    },
  });
});
