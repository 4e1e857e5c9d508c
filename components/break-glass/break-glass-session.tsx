'use client';

import { useState } from 'react';
import { SafeText } from '#components/safe-text/safe-text.tsx';
import { Badge } from '#components/ui/badge.tsx';
import { Button } from '#components/ui/button.tsx';
import { ConfirmDialog } from '#components/ui/confirm-dialog.tsx';
import { TimeLeft } from '#components/ui/time-left.tsx';
import { When } from '#components/ui/when.tsx';
import { plural } from '#lib/client/format.ts';
import { useMe, useRoleBar } from '#lib/client/use-me.ts';
import type { BreakGlass } from '#lib/contracts/exceptions.ts';
import { useEndBreakGlass, useReviewBreakGlass } from './use-break-glass-writes.ts';

type Session = BreakGlass['sessions'][number];

/** One time the glass was broken: by whom, for what, what was decided in it, and whether anybody looked at it since. */
export function BreakGlassSession({ session }: { readonly session: Session }) {
  return (
    <li className="flex flex-wrap items-start gap-x-4 gap-y-2 border-b px-3.5 py-3 last:border-b-0">
      <div className="min-w-0 flex-1 basis-72">
        <p className="flex flex-wrap items-center gap-2 font-semibold">
          {session.mine ? 'You' : session.person}
          <SafeText text={session.ticket} className="font-normal text-ink-3" />
          <State session={session} />
        </p>
        <p className="mt-0.5 text-ink-2">
          <When at={session.openedAt} />: “<SafeText text={session.reason} />
          ”. {plural(session.decisions, 'decision')} made alone.
          {session.active && (
            <>
              {' '}
              Ends in <TimeLeft expiresAt={session.endsAt} />.
            </>
          )}
        </p>
        {session.reviewedBy !== null && (
          <p className="mt-0.5 text-ink-2">
            Reviewed by {session.reviewedBy}: “<SafeText text={session.reviewNote ?? ''} />”
          </p>
        )}
      </div>
      {session.active ? <EndSession session={session} /> : session.reviewedBy === null && <Review session={session} />}
    </li>
  );
}

function State({ session }: { readonly session: Session }) {
  if (session.active) return <Badge tone="danger">Open</Badge>;
  if (session.reviewedBy !== null) return <Badge tone="good">Reviewed</Badge>;
  if (session.overdue) return <Badge tone="danger">Review overdue</Badge>;
  return (
    <Badge tone="warning">
      Review due <When at={session.reviewDue} className="ml-1" />
    </Badge>
  );
}

function EndSession({ session }: { readonly session: Session }) {
  const end = useEndBreakGlass(session.id);
  const others = useRoleBar('security', 'admin');
  return (
    <div className="grid gap-1">
      <Button
        size="sm"
        busy={end.busy}
        disabledReason={session.mine ? null : others}
        onClick={() => void end.run(undefined)}
      >
        End it now
      </Button>
      {end.problem !== null && (
        <p role="alert" className="text-high text-xs">
          {end.problem.title}
        </p>
      )}
    </div>
  );
}

function Review({ session }: { readonly session: Session }) {
  const [asking, setAsking] = useState(false);
  const review = useReviewBreakGlass(session.id);
  const solo = useMe().data?.separation === 'solo';
  const roleBar = useRoleBar('security');
  const blocked = roleBar ?? (session.mine && !solo ? 'It is yours: somebody else of security reviews it.' : null);
  return (
    <>
      <Button size="sm" variant="primary" disabledReason={blocked} onClick={() => setAsking(true)}>
        Review…
      </Button>
      <ConfirmDialog
        open={asking}
        onOpenChange={(open) => {
          setAsking(open);
          review.reset();
        }}
        title="Review this session"
        consequence={`${session.person} decided ${plural(session.decisions, 'request')} alone. Read them in the audit log first; your note closes the review.`}
        confirmWord="Close the review"
        reasonLabel="What did you find?"
        busy={review.busy}
        problem={review.problem}
        onConfirm={async (note) => {
          if ((await review.run(note)).ok) setAsking(false);
        }}
      />
    </>
  );
}
