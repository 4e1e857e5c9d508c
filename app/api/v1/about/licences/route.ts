import { ok } from '#lib/core/result.ts';
import { readLicences } from '#lib/server/about/licences.ts';
import { humanRoute } from '#lib/web/route.ts';

export const GET = humanRoute({}, async () => ok(readLicences(process.cwd())));
