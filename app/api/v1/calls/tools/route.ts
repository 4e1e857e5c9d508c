import { getCallsApi } from '#lib/web/door.ts';
import { agentRoute } from '#lib/web/route.ts';

export const GET = agentRoute(async (request) => (await getCallsApi())(request));
