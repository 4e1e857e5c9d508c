'use client';

import { Repeat } from 'lucide-react';
import { useState } from 'react';
import { Button } from '#components/ui/button.tsx';
import { Card } from '#components/ui/card.tsx';
import { useHasRole } from '#lib/client/use-me.ts';
import type { ApprovalDetail } from '#lib/contracts/approvals.ts';
import { GrantFromRequest } from './grant-from-request.tsx';

/** A way out of deciding the same thing again and again: a grant made from what is on the screen. */
export function RepeatCard({ record }: { readonly record: ApprovalDetail }) {
  const [open, setOpen] = useState(false);
  const mayPropose = useHasRole('reviewer', 'admin');
  if (mayPropose !== 'yes') return null;
  return (
    <Card title="Asked again and again?">
      <p className="text-ink-2">
        A grant lets calls like this one pass for a while, within limits. It needs the same people as this request.
      </p>
      <Button
        size="sm"
        className="mt-2"
        onClick={() => setOpen(true)}
        disabledReason={record.mine ? 'You own this agent: somebody else proposes grants for it.' : null}
      >
        <Repeat aria-hidden="true" className="size-3.5" />
        Propose a grant
      </Button>
      <GrantFromRequest record={record} open={open} onOpenChange={setOpen} />
    </Card>
  );
}
