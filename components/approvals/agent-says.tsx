import { SafeText } from '#components/safe-text/safe-text.tsx';
import type { ApprovalDetail } from '#lib/contracts/approvals.ts';

/**
 * Words of the agent and of the server's author. They may be an attacker's: kept in a dashed box of their own, in a
 * typeface that nothing of ours uses for statements, and closed at high risk so that the arguments are read first (T35).
 */
export function AgentSays({ record }: { readonly record: ApprovalDetail }) {
  const closed = record.tier === 'high';
  return (
    <div className="grid gap-2">
      {record.agentReason !== null && (
        <Quoted title="The agent says (unverified)" text={record.agentReason} open={!closed} />
      )}
      {record.toolDescription !== null && (
        <Quoted title="The server describes this tool as (unverified)" text={record.toolDescription} open={false} />
      )}
    </div>
  );
}

function Quoted({ title, text, open }: { readonly title: string; readonly text: string; readonly open: boolean }) {
  return (
    <details open={open} className="rounded-lg border border-line-strong border-dashed px-3.5">
      <summary className="min-h-8 content-center py-1.5 text-ink-3 text-xs hover:text-ink-2">{title}</summary>
      <SafeText
        as="pre"
        multiline
        text={text}
        className="mb-3 max-h-80 overflow-y-auto text-ink-2 text-xs leading-relaxed"
      />
    </details>
  );
}
