'use client';

import { useRouter } from 'next/navigation';
import { type KeyboardEvent, useId, useMemo, useState } from 'react';
import { SafeText } from '#components/safe-text/safe-text.tsx';
import { cx } from '#components/ui/class-names.ts';
import { Dialog, DialogContent } from '#components/ui/dialog.tsx';
import { Input } from '#components/ui/input.tsx';
import type { Tier } from '#lib/core/risk/types.ts';
import { NAV_GROUPS } from './nav-items.ts';
import { useInbox } from './pending.ts';
import { TierMark } from './tier-badge.tsx';

type Target = { readonly href: string; readonly text: string; readonly note: string; readonly tier: Tier | null };
const SHOWN = 12;

/** Jump to a page or to a request that waits: type a few letters of it. */
export function JumpDialog({
  open,
  onOpenChange,
}: {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
}) {
  return (
    <Dialog open={open} onOpenChange={onOpenChange}>
      <DialogContent title="Jump to" className="sm:mt-[12vh] sm:mb-auto">
        <JumpList onDone={() => onOpenChange(false)} />
      </DialogContent>
    </Dialog>
  );
}

function useTargets(): readonly Target[] {
  const { rows } = useInbox('pending');
  return useMemo(
    () => [
      ...NAV_GROUPS.flatMap((group) => group.items).map(({ href, text }) => ({ href, text, note: 'Page', tier: null })),
      ...rows.map((row) => ({
        href: `/approvals/${row.id}`,
        text: `${row.server} · ${row.tool}`,
        note: row.agent,
        tier: row.tier,
      })),
    ],
    [rows],
  );
}

function JumpList({ onDone }: { readonly onDone: () => void }) {
  const router = useRouter();
  const listId = useId();
  const targets = useTargets();
  const [query, setQuery] = useState('');
  const [index, setIndex] = useState(0);
  const words = query.toLowerCase().split(/\s+/);
  const found = targets
    .filter(({ text, note }) => words.every((word) => `${text} ${note}`.toLowerCase().includes(word)))
    .slice(0, SHOWN);
  const active = Math.min(index, Math.max(0, found.length - 1));
  const go = (target: Target | undefined) => {
    if (target === undefined) return;
    onDone();
    router.push(target.href);
  };
  const press = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'ArrowDown') setIndex(Math.min(active + 1, found.length - 1));
    else if (event.key === 'ArrowUp') setIndex(Math.max(active - 1, 0));
    else if (event.key === 'Enter') go(found[active]);
    else return;
    event.preventDefault();
  };
  return (
    <>
      <Input
        role="combobox"
        aria-label="Page or request"
        aria-expanded="true"
        aria-controls={listId}
        aria-activedescendant={found[active] === undefined ? undefined : `${listId}-${active}`}
        placeholder="Page, tool, server or agent"
        autoFocus
        value={query}
        onKeyDown={press}
        onChange={(event) => {
          setQuery(event.target.value);
          setIndex(0);
        }}
      />
      <div id={listId} role="listbox" aria-label="Found" className="mt-2 grid gap-px">
        {found.map((target, at) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are on the combobox, which owns these options
          <div
            key={target.href}
            id={`${listId}-${at}`}
            role="option"
            aria-selected={at === active}
            tabIndex={-1}
            onClick={() => go(target)}
            className={cx(
              'flex min-h-8 cursor-pointer items-center gap-2.5 rounded-md px-2 py-1',
              at === active && 'bg-accent-soft',
            )}
          >
            {target.tier !== null && <TierMark tier={target.tier} />}
            <SafeText text={target.text} className="min-w-0 flex-1 truncate" />
            <SafeText text={target.note} className="text-ink-3 text-xs" />
          </div>
        ))}
      </div>
      <p role="status" className={found.length === 0 ? 'py-4 text-center text-ink-3' : 'sr-only'}>
        {found.length === 0 ? 'Nothing by that name is open here.' : `${found.length} found`}
      </p>
    </>
  );
}
