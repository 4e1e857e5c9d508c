import { channelDeleteSchema, channelPatchSchema } from '#lib/contracts/channel-input.ts';
import { err, ok } from '#lib/core/result.ts';
import { viewChannel } from '#lib/server/notifications/channel-view.ts';
import { changeChannel, removeChannel } from '#lib/server/notifications/save-channel.ts';
import { answerChannel, channelView } from '#lib/web/channel-answer.ts';
import { idParams } from '#lib/web/id-params.ts';
import { humanRoute } from '#lib/web/route.ts';

export const GET = humanRoute({ params: idParams }, async ({ deps, principal, params }) => {
  const view = await viewChannel(deps.prisma, channelView(deps), principal, params.id);
  return view === null ? err({ code: 'not-found' }) : ok(view);
});

export const PATCH = humanRoute(
  { roles: ['admin'], params: idParams, body: channelPatchSchema },
  async ({ deps, principal, params, body }) =>
    answerChannel(deps, principal, await changeChannel(deps, principal, params.id, body)),
);

export const DELETE = humanRoute(
  { roles: ['admin'], params: idParams, body: channelDeleteSchema },
  ({ deps, principal, params, body }) => removeChannel(deps, principal, params.id, body.reason),
);
