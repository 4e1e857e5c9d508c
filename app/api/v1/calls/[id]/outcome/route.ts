import { getCallsApi } from '#lib/web/door.ts';
import { agentRoute } from '#lib/web/route.ts';

export const POST = agentRoute(async (request) => (await getCallsApi())(request));
