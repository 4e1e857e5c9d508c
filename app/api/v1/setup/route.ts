import { linkRedeemSchema } from '#lib/contracts/links.ts';
import { err } from '#lib/core/result.ts';
import { redeemLink } from '#lib/server/people/redeem-link.ts';
import { mayTryLink } from '#lib/web/link-attempt.ts';
import { publicRoute } from '#lib/web/route.ts';

export const POST = publicRoute({ body: linkRedeemSchema, status: 201 }, async ({ deps, body, address }) =>
  (await mayTryLink(deps, address)) ? redeemLink(deps, body) : err({ code: 'rate-limited' }),
);
