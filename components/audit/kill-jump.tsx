'use client';

import { ChevronDown, ChevronUp, Power } from 'lucide-react';
import { useState } from 'react';
import { SafeText } from '#components/safe-text/safe-text.tsx';
import { Button } from '#components/ui/button.tsx';
import { api, withQuery } from '#lib/client/api.ts';
import { type AuditRow, auditPageSchema } from '#lib/contracts/audit.ts';
import { SWITCH_TURNS } from './event-words.ts';

type Props = {
  /** The entry from which to look; null = the newest end. */
  readonly from: () => string | null;
  readonly onJump: (row: AuditRow) => void;
};

/** From wherever the reader stands to the turn of the kill switch before or after it. */
export function KillJump({ from, onJump }: Props) {
  const [busy, setBusy] = useState<'earlier' | 'later' | null>(null);
  const [said, setSaid] = useState('');
  const jump = async (way: 'earlier' | 'later') => {
    const at = from();
    if (way === 'later' && at === null) {
      setSaid('This is the newest end of the log.');
      return;
    }
    setBusy(way);
    const place = way === 'later' ? { after: at } : { cursor: at };
    const page = await api.get(withQuery('/api/v1/audit', { type: SWITCH_TURNS, limit: 1, ...place }), auditPageSchema);
    setBusy(null);
    const [row] = page.ok ? page.value.items : [];
    if (!page.ok) setSaid(page.error.title);
    else if (row === undefined) setSaid(`No ${way} turn of the kill switch.`);
    else {
      setSaid(`Entry ${row.seq}: ${row.sentence}`);
      onJump(row);
    }
  };
  return (
    <div className="flex flex-wrap items-center gap-x-1.5 gap-y-1 text-ink-3 text-xs">
      <Power aria-hidden="true" className="size-3.5" />
      <span>Kill switch</span>
      <Button
        size="sm"
        variant="ghost"
        busy={busy === 'earlier'}
        aria-label="Earlier turn of the kill switch"
        onClick={() => void jump('earlier')}
      >
        <ChevronDown aria-hidden="true" className="size-3.5" />
        Earlier
      </Button>
      <Button
        size="sm"
        variant="ghost"
        busy={busy === 'later'}
        aria-label="Later turn of the kill switch"
        onClick={() => void jump('later')}
      >
        <ChevronUp aria-hidden="true" className="size-3.5" />
        Later
      </Button>
      <span role="status" className="min-w-0 flex-1 truncate">
        <SafeText text={said} />
      </span>
    </div>
  );
}
