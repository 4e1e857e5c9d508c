import { err } from '#lib/core/result.ts';
import { readDocImage } from '#lib/server/docs/read-doc.ts';
import { docImageParams } from '#lib/web/id-params.ts';
import { publicRoute } from '#lib/web/route.ts';

/** Public, as the pages that show them. */
export const GET = publicRoute({ params: docImageParams }, async ({ params }) => {
  const image = readDocImage(process.cwd(), params.file);
  if (image === null) return err({ code: 'not-found' });
  return new Response(image, { headers: { 'content-type': 'image/png', 'cache-control': 'no-cache' } });
});
