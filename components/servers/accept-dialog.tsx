'use client';

import { SafeText } from '#components/safe-text/safe-text.tsx';
import { TierBadge } from '#components/shell/tier-badge.tsx';
import { ConfirmDialog } from '#components/ui/confirm-dialog.tsx';
import { ScrollBox } from '#components/ui/scroll-box.tsx';
import { classWords, plural, shortDigest } from '#lib/client/format.ts';
import type { Tool } from '#lib/contracts/servers.ts';
import { useAcceptTools } from './use-servers.ts';

type Props = { readonly serverId: string; readonly tools: readonly Tool[] | null; readonly onClose: () => void };

/**
 * Accepts the definitions that were on the screen when the button was pressed, each by its digest: one that changes
 * meanwhile is refused by the server, not accepted unseen.
 */
export function AcceptDialog({ serverId, tools, onClose }: Props) {
  const accept = useAcceptTools(serverId);
  const list = tools ?? [];
  const confirm = async () => {
    const answer = await accept.run(list);
    if (answer.ok) onClose();
  };
  return (
    <ConfirmDialog
      open={tools !== null}
      onOpenChange={(open) => {
        accept.reset();
        if (!open) onClose();
      }}
      title={`Accept ${plural(list.length, 'definition')}?`}
      consequence="Agents that may use this server can then call these tools, under the tiers below. If a definition changes later, the tool stops until somebody accepts it again."
      confirmWord="Accept"
      busy={accept.busy}
      problem={accept.problem}
      onConfirm={() => void confirm()}
    >
      <ScrollBox label="Definitions to accept" className="mb-1 max-h-72 rounded-md border">
        <ul>
          {list.map((tool) => (
            <li
              key={tool.id}
              className="flex flex-wrap items-center gap-x-3 gap-y-1 border-b px-3 py-1.5 last:border-b-0"
            >
              <SafeText text={tool.name} className="min-w-0 flex-1 basis-40 font-mono text-xs" />
              <span className="text-ink-3 text-xs">{classWords(tool.actionClass)}</span>
              <TierBadge tier={tool.tier} />
              <code className="text-2xs text-ink-3">{shortDigest(tool.definitionDigest)}</code>
            </li>
          ))}
        </ul>
      </ScrollBox>
    </ConfirmDialog>
  );
}
