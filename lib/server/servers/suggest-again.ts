import { stricterTier, type Tier } from '#lib/core/risk/types.ts';
import type { Tx } from '../db/tx.ts';
import type { Server } from '../generated/prisma/client.ts';
import { recordTagChange } from './record-tag-change.ts';
import { storedDefinition } from './stored-definition.ts';
import { suggestFor } from './suggest-tag.ts';

/**
 * Works out every tool's suggestion anew after its server's tier changed, and moves the tags that nobody set by hand.
 * A tag that an admin set stays: it was given a reason, and lowering or raising the server is none. Keeps who did it.
 */
export async function suggestAgain(
  tx: Tx,
  server: Pick<Server, 'id' | 'tier' | 'transport'>,
  was: { readonly tier: Tier; readonly by: string | null },
): Promise<void> {
  const tools = await tx.tool.findMany({ where: { serverId: server.id } });
  for (const tool of tools) {
    const isDeclared = server.transport === 'external';
    const suggestion = isDeclared
      ? { tier: server.tier, actionClass: tool.actionClass, reasons: tool.suggestionReasons }
      : suggestFor(server.tier, storedDefinition(tool.definition));
    if (tool.taggedAt === null) {
      await recordTagChange(tx, {
        toolId: tool.id,
        by: was.by,
        before: { tier: stricterTier(was.tier, tool.tier), actionClass: tool.actionClass },
        after: { tier: stricterTier(server.tier, suggestion.tier), actionClass: suggestion.actionClass },
      });
    }
    await tx.tool.update({
      where: { id: tool.id },
      data: {
        suggestedTier: suggestion.tier,
        suggestedClass: suggestion.actionClass,
        suggestionReasons: [...suggestion.reasons],
        ...(tool.taggedAt === null ? { tier: suggestion.tier, actionClass: suggestion.actionClass } : {}),
      },
    });
  }
}
