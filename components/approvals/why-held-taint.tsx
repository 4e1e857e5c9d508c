import { Radiation } from 'lucide-react';
import Link from 'next/link';
import { SafeText } from '#components/safe-text/safe-text.tsx';
import { plural } from '#lib/client/format.ts';
import { formatAbsolute, formatClock } from '#lib/client/time.ts';
import type { ApprovalContext } from '#lib/contracts/approval-context.ts';
import type { ApprovalDetail } from '#lib/contracts/approvals.ts';

/** Which calls of the session read what strangers wrote, each with its own story one click away. */
export function TaintTrail({
  record,
  context,
}: {
  readonly record: ApprovalDetail;
  readonly context: ApprovalContext | null;
}) {
  if (!record.tainted) return null;
  const trail = context?.taintTrail ?? [];
  return (
    <div className="mt-2.5 flex items-start gap-1.5 border-t pt-2.5 text-xs">
      <Radiation aria-hidden="true" className="mt-px size-3.5 shrink-0 text-medium" />
      <div className="min-w-0">
        <b className="font-semibold text-medium">Tainted session.</b>{' '}
        <span className="text-ink-2">
          It has read untrusted content before this call: somebody else may have written what the agent now asks for.
        </span>
        {trail.length > 0 && (
          <>
            <p className="mt-1 text-ink-3">Read by {plural(trail.length, 'call')}</p>
            <ol aria-label="Calls that read untrusted content" className="grid">
              {trail.map((call) => (
                <li key={call.callId} className="flex min-h-6 items-center gap-2">
                  <time dateTime={call.at} title={formatAbsolute(call.at)} className="tabular shrink-0 text-ink-3">
                    {formatClock(call.at)}
                  </time>
                  <Link href={`/audit?call=${call.callId}`} className="link min-w-0 [overflow-wrap:anywhere]">
                    <SafeText text={call.server} /> · <SafeText text={call.tool} />
                  </Link>
                </li>
              ))}
            </ol>
          </>
        )}
      </div>
    </div>
  );
}
