import { openApiDocument } from '#lib/contracts/openapi.ts';
import { ok } from '#lib/core/result.ts';
import { publicRoute } from '#lib/web/route.ts';
import packageJson from '../../../package.json' with { type: 'json' };

export const GET = publicRoute({}, async () => ok(openApiDocument(packageJson.version)));
