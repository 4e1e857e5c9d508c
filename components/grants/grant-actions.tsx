'use client';

import { useState } from 'react';
import { useRevokeGrant, useVoteGrant } from '#components/grant-form/use-grant-writes.ts';
import { SafeText } from '#components/safe-text/safe-text.tsx';
import { Button } from '#components/ui/button.tsx';
import { ConfirmDialog } from '#components/ui/confirm-dialog.tsx';
import { shortDigest } from '#lib/client/format.ts';
import { useLive } from '#lib/client/live.ts';
import { useRoleBar } from '#lib/client/use-me.ts';
import type { Grant } from '#lib/contracts/grants.ts';

type Asked = 'approve' | 'deny' | 'revoke';

/** Deny and approve while it waits, revoke while it runs. Each asks before it acts. */
export function GrantActions({ grant }: { readonly grant: Grant }) {
  const [asked, setAsked] = useState<Asked | null>(null);
  const live = useLive();
  const vote = useVoteGrant(grant);
  const revoke = useRevokeGrant(grant);
  const revokeBar = useRoleBar('reviewer', 'security', 'admin');
  const voteBar = grant.mayVote.allowed ? null : grant.mayVote.sentence;
  const stale = live.state === 'stale' ? 'This page is stale: the server does not answer.' : null;
  const close = () => {
    setAsked(null);
    vote.reset();
    revoke.reset();
  };
  const confirm = async (reason: string) => {
    if (asked === null) return;
    const answer = asked === 'revoke' ? await revoke.run(undefined) : await vote.run({ decision: asked, reason });
    if (answer.ok) close();
  };
  return (
    <div className="ml-auto flex gap-2 max-sm:w-full">
      {grant.status === 'pending' && (
        <>
          <Button size="sm" disabledReason={grant.mayVote.mayDeny ? null : voteBar} onClick={() => setAsked('deny')}>
            Deny…
          </Button>
          <Button size="sm" variant="primary" disabledReason={voteBar ?? stale} onClick={() => setAsked('approve')}>
            Approve…
          </Button>
        </>
      )}
      {grant.status === 'active' && (
        <Button size="sm" variant="danger" disabledReason={revokeBar} onClick={() => setAsked('revoke')}>
          Revoke…
        </Button>
      )}
      <ConfirmDialog
        open={asked !== null}
        onOpenChange={(open) => !open && close()}
        title={TITLES[asked ?? 'deny']}
        consequence={
          <>
            <SafeText text={grant.sentence} /> {CONSEQUENCES[asked ?? 'deny']}
            {asked === 'approve' && (
              <>
                {' '}
                Digest <code>{shortDigest(grant.digest)}</code>.
              </>
            )}
          </>
        }
        confirmWord={
          asked === 'approve'
            ? grant.stepUp === 'passkey'
              ? 'Approve with passkey'
              : 'Approve'
            : asked === 'revoke'
              ? 'Revoke'
              : 'Deny'
        }
        tone={asked === 'approve' ? 'plain' : 'danger'}
        busy={vote.busy || revoke.busy}
        problem={vote.problem ?? revoke.problem}
        onConfirm={(reason) => void confirm(reason)}
      />
    </div>
  );
}

const TITLES = { approve: 'Approve this grant?', deny: 'Deny this grant?', revoke: 'Revoke this grant?' } as const;
const CONSEQUENCES = {
  approve: 'With enough votes such calls pass without asking, until it ends.',
  deny: 'One denial is enough: nothing passes under it.',
  revoke: 'At once: the next call is held again. What passed is not undone.',
} as const;
