import { cliLoginStartSchema } from '#lib/contracts/sessions.ts';
import { startCliLogin } from '#lib/server/auth/cli-login.ts';
import { publicRoute } from '#lib/web/route.ts';

export const POST = publicRoute({ body: cliLoginStartSchema, status: 201 }, ({ deps, address, body }) =>
  startCliLogin({ ...deps, consoleUrl: deps.env.consoleUrl }, { client: body.client, address }),
);
