'use client';

import { ShieldCheck, Siren } from 'lucide-react';
import Link from 'next/link';
import { useState } from 'react';
import { Button } from '#components/ui/button.tsx';
import { Card } from '#components/ui/card.tsx';
import { arriving, useArrived } from '#components/ui/later.tsx';
import { Loaded } from '#components/ui/loaded.tsx';
import { Skeleton } from '#components/ui/skeleton.tsx';
import { useBreakGlass } from '#lib/client/use-exceptions.ts';

const breakGlassSession = arriving(
  () => import('./break-glass-session.tsx').then((file) => file.BreakGlassSession),
  'at-once',
);

const openBreakGlassDialog = arriving(
  () => import('./open-break-glass-dialog.tsx').then((file) => file.OpenBreakGlassDialog),
  'at-rest',
);
/** The way to decide alone in an emergency: whether it is on, who used it, and what still has to be reviewed. */
export function BreakGlassCard() {
  const BreakGlassSession = useArrived(breakGlassSession);
  const query = useBreakGlass();
  const [opening, setOpening] = useState(false);
  const OpenBreakGlassDialog = useArrived(openBreakGlassDialog, opening);
  const state = query.data;
  return (
    <Card
      title="Break-glass"
      aside={
        state?.enabled && (
          <Button
            size="sm"
            variant="danger"
            disabledReason={state.mayOpen.allowed ? null : state.mayOpen.sentence}
            onClick={() => setOpening(true)}
          >
            <Siren aria-hidden="true" className="size-3.5" />
            Break the glass…
          </Button>
        )
      }
      flush
    >
      <Loaded query={query} skeleton={<Skeleton className="m-3.5 h-16" />} arrived={BreakGlassSession !== null}>
        {({ enabled, group, sessions, mayOpen }) => (
          <>
            <p className="flex items-start gap-3 px-3.5 py-4">
              {enabled ? (
                <Siren aria-hidden="true" className="size-5 shrink-0 text-medium" />
              ) : (
                <ShieldCheck aria-hidden="true" className="size-5 shrink-0 text-low" />
              )}
              <span className="min-w-0">
                <b className="font-semibold">{enabled ? `On, for the group ${group}.` : 'Off.'}</b>{' '}
                <span className="text-ink-2">
                  {enabled
                    ? `One of them may decide alone for at most 15 minutes, with a passkey. It never passes the kill switch or a deny. ${mayOpen.allowed ? '' : mayOpen.sentence}`
                    : 'Nobody can decide alone. An admin switches it on under '}
                  {!enabled && (
                    <Link href="/settings/exceptions" className="link">
                      Settings
                    </Link>
                  )}
                  {!enabled && '.'}
                </span>
              </span>
            </p>
            {sessions.length > 0 && (
              <ul className="border-t">
                {sessions.map(
                  (session) => BreakGlassSession !== null && <BreakGlassSession key={session.id} session={session} />,
                )}
              </ul>
            )}
          </>
        )}
      </Loaded>
      {OpenBreakGlassDialog !== null && <OpenBreakGlassDialog open={opening} onOpenChange={setOpening} />}
    </Card>
  );
}
