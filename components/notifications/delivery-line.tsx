'use client';

import { SafeText } from '#components/safe-text/safe-text.tsx';
import { Badge, type BadgeTone } from '#components/ui/badge.tsx';
import { Button } from '#components/ui/button.tsx';
import { ProblemNotice } from '#components/ui/problem-notice.tsx';
import { When } from '#components/ui/when.tsx';
import { plural } from '#lib/client/format.ts';
import type { Delivery } from '#lib/contracts/notifications.ts';
import { DELIVERY_WORDS } from './notice-words.ts';
import { useResend } from './use-notifications.ts';

const TONES: Readonly<Record<Delivery['state'], BadgeTone>> = {
  waiting: 'accent',
  sending: 'accent',
  delivered: 'good',
  collapsed: 'plain',
  dropped: 'plain',
  dead: 'danger',
};

/** One thing that was sent, or could not be: to whom, how often it was tried, and why it failed. */
export function DeliveryLine({ item }: { readonly item: Delivery }) {
  const resend = useResend();
  return (
    <li className="flex flex-wrap items-start gap-x-3 gap-y-1 border-b px-3.5 py-2 last:border-b-0">
      <div className="min-w-0 flex-1 basis-52">
        <p className="flex flex-wrap items-center gap-1.5">
          <Badge tone={TONES[item.state]}>{DELIVERY_WORDS[item.state]}</Badge>
          <SafeText text={item.title} className="font-medium" />
        </p>
        <p className="text-ink-3 text-xs [overflow-wrap:anywhere]">
          {item.recipient === null ? '' : `to ${item.recipient} `}through <SafeText text={item.channel} />,{' '}
          <When at={item.createdAt} />
          {item.attempts > 0 && `, ${plural(item.attempts, 'attempt')}`}
          {item.state === 'waiting' && (
            <>
              , due <When at={item.dueAt} />
            </>
          )}
        </p>
        {item.why !== null && (
          <p className={item.state === 'dead' ? 'text-high text-xs' : 'text-ink-2 text-xs'}>{item.why}</p>
        )}
        {resend.problem !== null && <ProblemNotice className="mt-1.5" problem={resend.problem} />}
      </div>
      {item.state === 'dead' && (
        <Button
          size="sm"
          busy={resend.busy}
          aria-label={`Send again: ${item.title}`}
          onClick={() => void resend.run(item.id)}
        >
          Send again
        </Button>
      )}
    </li>
  );
}
