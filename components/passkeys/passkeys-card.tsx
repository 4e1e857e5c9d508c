'use client';

import { KeyRound } from 'lucide-react';
import { useState } from 'react';
import { SafeText } from '#components/safe-text/safe-text.tsx';
import { Badge } from '#components/ui/badge.tsx';
import { Button } from '#components/ui/button.tsx';
import { Card } from '#components/ui/card.tsx';
import { arriving, useArrived } from '#components/ui/later.tsx';
import { Loaded } from '#components/ui/loaded.tsx';
import { Notice } from '#components/ui/notice.tsx';
import { Skeleton } from '#components/ui/skeleton.tsx';
import { When } from '#components/ui/when.tsx';
import type { Passkeys } from '#lib/contracts/passkeys.ts';
import { RemovePasskey } from './remove-passkey.tsx';
import { RenamePasskey } from './rename-passkey.tsx';
import { usePasskeys } from './use-passkeys.ts';

const addPasskeyDialog = arriving(
  () => import('./add-passkey-dialog.tsx').then((file) => file.AddPasskeyDialog),
  'at-rest',
);
/** One's own passkeys: what signs in without a password, and what rules may ask for before a vote counts. */
export function PasskeysCard() {
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
        <Loaded query={query} skeleton={<Skeleton className="h-16" />}>
          {(data) => <PasskeyList data={data} />}
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

function PasskeyList({ data }: { readonly data: Passkeys }) {
  if (data.items.length === 0) return <p className="text-ink-3 text-xs">You have none yet.</p>;
  return (
    <ul aria-label="Your passkeys" className="overflow-clip rounded-md border">
      {data.items.map((item) => (
        <li key={item.id} className="flex flex-wrap items-center gap-x-3 gap-y-1 border-b px-3 py-2 last:border-b-0">
          <KeyRound aria-hidden="true" className="size-4 shrink-0 text-ink-3" />
          <div className="min-w-0 flex-1 basis-40">
            <p className="flex flex-wrap items-center gap-2 font-medium">
              <SafeText text={item.name} />
              {item.backedUp && <Badge>synced</Badge>}
            </p>
            <p className="text-ink-3 text-xs">
              added <When at={item.createdAt} />,{' '}
              {item.lastUsedAt === null ? (
                'not used yet'
              ) : (
                <>
                  last used <When at={item.lastUsedAt} />
                </>
              )}
            </p>
          </div>
          <RenamePasskey id={item.id} name={item.name} />
          <RemovePasskey id={item.id} name={item.name} last={data.items.length === 1} />
        </li>
      ))}
    </ul>
  );
}
