'use client';

import { useState } from 'react';
import { SafeText } from '#components/safe-text/safe-text.tsx';
import { Button } from '#components/ui/button.tsx';
import { Card } from '#components/ui/card.tsx';
import { plural } from '#lib/client/format.ts';
import { formatAbsolute, formatClock } from '#lib/client/time.ts';
import type { ApprovalDetail } from '#lib/contracts/approvals.ts';

const SHOWN = 12;
type StoryProps = { readonly title: string; readonly events: ApprovalDetail['story']; readonly narrow?: boolean };

/** What happened, in order, as the audit log has it. Earlier events are folded, never dropped. */
export function Story({ title, events, narrow = false }: StoryProps) {
  const [whole, setWhole] = useState(false);
  const hidden = whole ? 0 : Math.max(0, events.length - SHOWN);
  return (
    <Card title={title} aside={plural(events.length, 'event')}>
      {hidden > 0 && (
        <Button size="sm" variant="ghost" className="-mx-2 mb-1.5" onClick={() => setWhole(true)}>
          Show {plural(hidden, 'earlier event')}
        </Button>
      )}
      {events.length === 0 && <p className="text-ink-3">Nothing recorded yet.</p>}
      <ol className="grid gap-1.5">
        {events.slice(hidden).map((event) => (
          <li
            key={`${event.seq ?? ''} ${event.at} ${event.type} ${event.sentence}`}
            className={narrow ? 'grid' : 'grid grid-cols-[4rem_minmax(0,1fr)] gap-2.5'}
          >
            <time
              dateTime={event.at}
              title={formatAbsolute(event.at)}
              className="tabular text-ink-3 text-xs leading-[1.1875rem]"
            >
              {formatClock(event.at)}
            </time>
            <SafeText text={event.sentence} className="text-ink-2" />
          </li>
        ))}
      </ol>
    </Card>
  );
}
