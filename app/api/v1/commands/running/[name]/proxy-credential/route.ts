import { proxyCredentialEndSchema, serverNameParams } from '#lib/contracts/commands.ts';
import { readRunning } from '#lib/server/commands/running-view.ts';
import { endProxyCredential } from '#lib/server/egress-proxy/end-proxy-credential.ts';
import { humanRoute } from '#lib/web/route.ts';

export const POST = humanRoute(
  { roles: ['admin'], params: serverNameParams, body: proxyCredentialEndSchema },
  async ({ deps, principal, params, body }) => {
    const done = await endProxyCredential(deps, principal, params.name, body);
    return done.ok ? readRunning(deps, principal, params.name) : done;
  },
);
