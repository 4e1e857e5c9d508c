'use client';

import { useMutation } from '@tanstack/react-query';
import { Eye, Hand } from 'lucide-react';
import { KeyHint, useAriaKey } from '#components/shell/key-hint.tsx';
import { useShortcuts } from '#components/shell/shortcuts.ts';
import { Button } from '#components/ui/button.tsx';
import { cx } from '#components/ui/class-names.ts';
import { api } from '#lib/client/api.ts';
import { useMe } from '#lib/client/use-me.ts';
import { type ApprovalDetail, approvalDetailSchema } from '#lib/contracts/approvals.ts';
import { usePresence } from './request-context.ts';

const SHOWN = 4;

/** Who is looking at this now, and who said that they take care of it. Neither keeps anybody else from deciding. */
export function RequestPresence({ record }: { readonly record: ApprovalDetail }) {
  const me = useMe().data;
  const presence = usePresence(record);
  const viewers = presence.isError ? [] : (presence.data ?? []);
  const ariaKey = useAriaKey('c');
  const claim = useMutation({
    mutationFn: () =>
      api.send('POST', `/api/v1/approvals/${encodeURIComponent(record.id)}/claim`, {}, approvalDetailSchema),
  });
  const mine = record.claimedBy !== null && record.claimedBy === me?.name;
  const mayClaim = record.status === 'pending' && me?.roles.includes('reviewer') === true;
  useShortcuts({ c: () => mayClaim && claim.mutate() });
  if (record.status !== 'pending' && record.status !== 'approved') return null;
  const others = viewers.filter((viewer) => viewer.personId !== me?.id);
  const names = others.map((viewer) => viewer.name);
  return (
    <div className="mb-3 flex min-h-7 flex-wrap items-center gap-x-3 gap-y-1.5 text-ink-2 text-xs">
      <span role="status" className="flex items-center gap-1.5">
        {others.length > 0 ? (
          <>
            <span aria-hidden="true" className="flex -space-x-1.5">
              {others.slice(0, SHOWN).map((viewer) => (
                <Avatar key={viewer.personId} name={viewer.name} strong={viewer.name === record.claimedBy} />
              ))}
            </span>
            {names.slice(0, SHOWN).join(', ')}
            {names.length > SHOWN && ` and ${names.length - SHOWN} more`} {names.length === 1 ? 'is' : 'are'} looking
            too
          </>
        ) : (
          <>
            <Eye aria-hidden="true" className="size-3.5 text-ink-3" />{' '}
            <span className="text-ink-3">
              {presence.isError ? 'Who else looks is not known' : 'Only you look at this'}
            </span>
          </>
        )}
      </span>
      {record.claimedBy !== null && record.status === 'pending' && (
        <span className="flex items-center gap-1.5 font-medium">
          <Hand aria-hidden="true" className="size-3.5" />
          {mine ? 'You take care of it' : `${record.claimedBy} takes care of it`}
        </span>
      )}
      {mayClaim && record.claimedBy === null && (
        <Button size="sm" variant="ghost" onClick={() => claim.mutate()} aria-keyshortcuts={ariaKey}>
          I take care of it <KeyHint command="c" />
        </Button>
      )}
    </div>
  );
}

/** Somebody as the first letters of their name; the name itself always stands beside it. */
function Avatar({ name, strong }: { readonly name: string; readonly strong: boolean }) {
  const letters = name
    .trim()
    .split(/\s+/)
    .slice(0, 2)
    .map((word) => [...word][0]?.toUpperCase() ?? '')
    .join('');
  return (
    <span
      className={cx(
        'grid size-6 place-items-center rounded-full border-2 border-panel font-semibold text-2xs',
        strong ? 'bg-accent text-on-accent' : 'bg-accent-soft text-accent',
      )}
    >
      {letters === '' ? '?' : letters}
    </span>
  );
}
