import { bundleBodySchema } from '#lib/contracts/audit.ts';
import { makeBundle } from '#lib/server/audit/make-bundle.ts';
import { AUDIT_EXPORTERS } from '#lib/server/audit/readers.ts';
import { humanRoute } from '#lib/web/route.ts';

export const POST = humanRoute(
  { roles: AUDIT_EXPORTERS, body: bundleBodySchema },
  async ({ deps, principal, body }) => {
    const made = await makeBundle(deps, principal, body.of);
    if (!made.ok) return made;
    return new Response(made.value.bytes, {
      headers: {
        'content-type': 'application/gzip',
        'content-disposition': `attachment; filename="${made.value.name}"`,
        'cache-control': 'no-store',
      },
    });
  },
);
