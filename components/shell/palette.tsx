'use client';

import { Command } from 'cmdk';
import { useRouter } from 'next/navigation';
import { useMemo, useState } from 'react';
import { SafeText } from '#components/safe-text/safe-text.tsx';
import { cx } from '#components/ui/class-names.ts';
import { Dialog, DialogContent } from '#components/ui/dialog.tsx';
import { CONTROL } from '#components/ui/input.tsx';
import { leave } from './leave.ts';
import { findItems, type PaletteAction, type PaletteItem } from './palette-items.ts';
import { keepRecent, readRecent } from './recent-places.ts';
import { applyTheme } from './theme.ts';
import { TierMark } from './tier-badge.tsx';
import { usePaletteItems } from './use-palette-items.ts';

type PaletteProps = {
  readonly onClose: () => void;
  /** What opens elsewhere in the shell. */
  readonly onPanel: (panel: 'kill' | 'keys') => void;
};

/** Everything by a few letters of its name: pages, requests that wait, things of the registry, what one can do. */
export function Palette({ onClose, onPanel }: PaletteProps) {
  const router = useRouter();
  const items = usePaletteItems();
  const [query, setQuery] = useState('');
  const [recent] = useState(readRecent);
  const [failed, setFailed] = useState(false);
  // At once, never a moment later: Enter must choose from what the last letter found.
  const found = useMemo(() => findItems(items, query, recent), [items, query, recent]);
  const count = found.reduce((sum, group) => sum + group.items.length + group.more, 0);

  const act = async (action: PaletteAction) => {
    switch (action) {
      case 'kill':
      case 'keys':
        return onPanel(action);
      case 'theme-light':
        return applyTheme('light');
      case 'theme-dark':
        return applyTheme('dark');
      case 'theme-system':
        return applyTheme('system');
      case 'sign-out':
        return setFailed(!(await leave()));
    }
  };
  const choose = ({ id, does }: PaletteItem) => {
    keepRecent(id);
    if (does.kind === 'act') {
      if (does.action !== 'sign-out') onClose();
      void act(does.action);
      return;
    }
    onClose();
    router.push(does.href);
  };
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()}>
      <DialogContent title="Search everything" className="sm:mt-[10vh] sm:mb-auto">
        <Command label="Search everything" shouldFilter={false} loop vimBindings={false} className="grid gap-2">
          <Command.Input
            autoFocus
            value={query}
            onValueChange={setQuery}
            aria-label="Search everything"
            placeholder="Page, request, server, agent, rule, person, action"
            maxLength={200}
            className={cx(CONTROL, 'h-9')}
          />
          <Command.List label="Found" className="max-h-[52dvh] min-h-40 overflow-y-auto">
            {found.map(({ group, items: shown, more }) => (
              <Command.Group
                key={group}
                heading={more > 0 ? `${group}, and ${more} more` : group}
                className="[&_[cmdk-group-heading]]:px-2 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-2xs [&_[cmdk-group-heading]]:text-ink-3"
              >
                {shown.map((item) => (
                  <Command.Item
                    key={item.id}
                    value={`${group} ${item.id}`}
                    onSelect={() => choose(item)}
                    className="flex min-h-8 cursor-pointer items-center gap-2.5 rounded-md px-2 py-1 aria-selected:bg-accent-soft"
                  >
                    {item.tier !== null && <TierMark tier={item.tier} />}
                    <SafeText text={item.text} className="min-w-0 flex-1 truncate" />
                    <SafeText text={item.note} className="max-w-[45%] truncate text-ink-3 text-xs" />
                  </Command.Item>
                ))}
              </Command.Group>
            ))}
          </Command.List>
          <p role="status" className={count === 0 ? 'py-4 text-center text-ink-3' : 'sr-only'}>
            {count === 0 ? 'Nothing by that name is open to you.' : `${count} found`}
          </p>
          {failed && (
            <p role="alert" className="font-medium text-high">
              You are still signed in: the server did not answer. Try again.
            </p>
          )}
        </Command>
      </DialogContent>
    </Dialog>
  );
}
