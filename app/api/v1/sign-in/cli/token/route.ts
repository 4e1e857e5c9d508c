import { cliLoginPollSchema } from '#lib/contracts/sessions.ts';
import { pollCliLogin } from '#lib/server/auth/cli-login.ts';
import { publicRoute } from '#lib/web/route.ts';

export const POST = publicRoute({ body: cliLoginPollSchema }, ({ deps, address, body }) =>
  pollCliLogin(deps, { deviceCode: body.deviceCode, address }),
);
