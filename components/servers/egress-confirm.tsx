import { Notice } from '#components/ui/notice.tsx';
import type { EgressEntryInput } from '#lib/contracts/egress-input.ts';

/** The allowlist entry that comes with a server, shown before it is added. */
export function EgressConfirm({ entry }: { readonly entry: EgressEntryInput }) {
  return (
    <Notice tone="warning" role="status" title="This opens the way to a new destination">
      <p>The gateway reaches only what is on the allowlist. Confirm to add this entry together with the server:</p>
      <p className="mt-1.5 font-mono text-ink text-xs [overflow-wrap:anywhere]">
        {`${entry.scheme}://${entry.host}:${entry.port}${entry.path}`}
      </p>
      {entry.cidr !== null && (
        <p className="mt-1">
          It is a private or loopback address; connections are held to{' '}
          <code className="text-ink text-xs">{entry.cidr}</code>.
        </p>
      )}
    </Notice>
  );
}
