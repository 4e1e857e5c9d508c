import { channelCreateSchema } from '#lib/contracts/channel-input.ts';
import { ok } from '#lib/core/result.ts';
import { listChannels } from '#lib/server/notifications/channel-view.ts';
import { createChannel } from '#lib/server/notifications/save-channel.ts';
import { answerChannel, channelView } from '#lib/web/channel-answer.ts';
import { humanRoute } from '#lib/web/route.ts';

export const GET = humanRoute({}, async ({ deps, principal }) =>
  ok(await listChannels(deps.prisma, channelView(deps), principal)),
);

export const POST = humanRoute(
  { roles: ['admin'], body: channelCreateSchema, status: 201 },
  async ({ deps, principal, body }) => answerChannel(deps, principal, await createChannel(deps, principal, body)),
);
