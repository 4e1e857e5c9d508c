import { linkTokenSchema } from '#lib/contracts/links.ts';
import { err } from '#lib/core/result.ts';
import { describeLink } from '#lib/server/people/read-link.ts';
import { mayTryLink } from '#lib/web/link-attempt.ts';
import { publicRoute } from '#lib/web/route.ts';

// POST although it only reads: a token in a URL would end in histories and proxy logs.
export const POST = publicRoute({ body: linkTokenSchema }, async ({ deps, body, address }) =>
  (await mayTryLink(deps, address)) ? describeLink(deps.prisma, deps.env, body.token) : err({ code: 'rate-limited' }),
);
