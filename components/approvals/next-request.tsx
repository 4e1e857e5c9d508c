'use client';

import { compareByRisk } from '#components/shell/compare-by-risk.ts';
import { useInbox } from '#components/shell/pending.ts';
import { Button } from '#components/ui/button.tsx';
import { addressOf } from './use-inbox-address.ts';

/** After a decision: the most urgent of what still waits. Nothing opens by itself. */
export function NextRequest({ after }: { readonly after: string }) {
  const { rows } = useInbox('pending');
  const next = rows.filter((row) => row.id !== after).sort(compareByRisk)[0];
  if (next === undefined) return <p className="ml-auto text-ink-3">Nothing else waits.</p>;
  return (
    <Button className="ml-auto" onClick={() => window.history.pushState(null, '', addressOf(next.id))}>
      Next request
    </Button>
  );
}
