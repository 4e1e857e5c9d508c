// Next-only. What every change of a notification channel answers: how it stands now, and a secret that is shown once.
import 'server-only';
import type { ChannelSaved } from '#lib/contracts/notifications.ts';
import type { HumanPrincipal } from '#lib/core/identity/principals.ts';
import { err, ok, type Result } from '#lib/core/result.ts';
import type { ConfigRefusal } from '#lib/server/db/config-write.ts';
import { type ViewDeps, viewChannel } from '#lib/server/notifications/channel-view.ts';
import type { Saved } from '#lib/server/notifications/save-channel.ts';
import type { WebDeps } from './deps.ts';

/** What a channel's view is made with. */
export function channelView(deps: WebDeps): ViewDeps {
  return { keys: deps.keys, consoleUrl: deps.env.consoleUrl };
}

/** The channel after the change, or why nothing changed. */
export async function answerChannel(
  deps: WebDeps,
  reader: HumanPrincipal,
  result: Result<Saved, ConfigRefusal>,
): Promise<Result<ChannelSaved, ConfigRefusal>> {
  if (!result.ok) return result;
  const view = await viewChannel(deps.prisma, channelView(deps), reader, result.value.id);
  return view === null ? err({ code: 'not-found' }) : ok({ ...view, secret: result.value.secret });
}
