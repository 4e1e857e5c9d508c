'use client';

import { KeyRound } from 'lucide-react';
import { SafeText } from '#components/safe-text/safe-text.tsx';
import { Badge } from '#components/ui/badge.tsx';
import { When } from '#components/ui/when.tsx';
import type { Passkeys } from '#lib/contracts/passkeys.ts';
import { RemovePasskey } from './remove-passkey.tsx';
import { RenamePasskey } from './rename-passkey.tsx';

/** One's own passkeys, each to be renamed or removed. */
export function PasskeyList({ data }: { readonly data: Passkeys }) {
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
