'use client';

import { useState } from 'react';
import { Button } from '#components/ui/button.tsx';
import { Card } from '#components/ui/card.tsx';
import { arriving, useArrived } from '#components/ui/later.tsx';
import { Loaded } from '#components/ui/loaded.tsx';
import { Notice } from '#components/ui/notice.tsx';
import { Skeleton } from '#components/ui/skeleton.tsx';
import { usePasskeys } from './use-passkeys.ts';

const passkeyList = arriving(() => import('./passkey-list.tsx').then((file) => file.PasskeyList), 'at-once');

const addPasskeyDialog = arriving(
  () => import('./add-passkey-dialog.tsx').then((file) => file.AddPasskeyDialog),
  'at-rest',
);
/** One's own passkeys: what signs in without a password, and what rules may ask for before a vote counts. */
export function PasskeysCard() {
  const PasskeyList = useArrived(passkeyList);
  const query = usePasskeys();
  const [adding, setAdding] = useState(false);
  const AddPasskeyDialog = useArrived(addPasskeyDialog, adding);
  const because = query.data?.unavailableBecause ?? null;
  return (
    <Card title="Your passkeys">
      <p className="text-ink-2">
        A passkey signs you in without a password. Where a rule asks for one, your vote counts only with it: it signs
        exactly the call that you saw.
      </p>
      <div className="mt-3 grid gap-3">
        <Loaded query={query} skeleton={<Skeleton className="h-16" />} arrived={PasskeyList !== null}>
          {(data) => PasskeyList !== null && <PasskeyList data={data} />}
        </Loaded>
        {because !== null && <Notice tone="warning" title={because} />}
        <div>
          <Button disabledReason={because} onClick={() => setAdding(true)}>
            Add a passkey
          </Button>
        </div>
      </div>
      {AddPasskeyDialog !== null && <AddPasskeyDialog open={adding} onOpenChange={setAdding} />}
    </Card>
  );
}
