'use client';

import { Monitor, Terminal } from 'lucide-react';
import { SafeText } from '#components/safe-text/safe-text.tsx';
import { Badge } from '#components/ui/badge.tsx';
import { Button } from '#components/ui/button.tsx';
import { When } from '#components/ui/when.tsx';
import { browserWords } from '#lib/client/browser-words.ts';
import type { Session } from '#lib/contracts/sessions.ts';

const METHODS: Readonly<Record<NonNullable<Session['method']>, string>> = {
  password: 'by password',
  passkey: 'by passkey',
  sso: 'through the provider',
  cli: 'confirmed in the console',
};

type Props = {
  readonly items: readonly Session[];
  readonly label: string;
  readonly busy: boolean;
  readonly onEnd: (id: string) => void;
};

/** Where somebody is signed in, each with a button that ends it at once. */
export function SessionList({ items, label, busy, onEnd }: Props) {
  if (items.length === 0) return <p className="text-ink-3 text-xs">Signed in nowhere.</p>;
  return (
    <ul aria-label={label} className="overflow-clip rounded-md border">
      {items.map((item) => (
        <li key={item.id} className="flex flex-wrap items-center gap-x-3 gap-y-1 border-b px-3 py-2 last:border-b-0">
          {item.kind === 'cli' ? (
            <Terminal aria-hidden="true" className="size-4 shrink-0 text-ink-3" />
          ) : (
            <Monitor aria-hidden="true" className="size-4 shrink-0 text-ink-3" />
          )}
          <div className="min-w-0 flex-1 basis-40">
            <p className="flex flex-wrap items-center gap-2 font-medium">
              {item.kind === 'cli' ? 'Command line' : (browserWords(item.client) ?? 'Browser')}
              {item.current && <Badge tone="good">this one</Badge>}
            </p>
            <p className="text-ink-3 text-xs [overflow-wrap:anywhere]">
              {item.method !== null && `${METHODS[item.method]}, `}
              {item.address !== null && `from ${item.address}, `}
              began <When at={item.createdAt} />, last seen <When at={item.lastSeenAt} />
            </p>
            {item.client !== null && (item.kind === 'cli' || browserWords(item.client) === null) && (
              <p className="line-clamp-2 text-ink-3 text-xs [overflow-wrap:anywhere]">
                <SafeText text={item.client} />
              </p>
            )}
          </div>
          {!item.current && (
            <Button size="sm" variant="danger" busy={busy} onClick={() => onEnd(item.id)}>
              End
            </Button>
          )}
        </li>
      ))}
    </ul>
  );
}
