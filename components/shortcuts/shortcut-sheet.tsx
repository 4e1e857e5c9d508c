'use client';

import Link from 'next/link';
import { useKeptShortcuts } from '#components/shell/kept-shortcuts.ts';
import { COMMANDS, type CommandGroup, FIXED_KEYS, keyOf } from '#components/shell/shortcut-keys.ts';
import { Dialog, DialogContent } from '#components/ui/dialog.tsx';
import { Kbd } from '#components/ui/kbd.tsx';

/** The sheet of keys, as this person has them. No single key decides anything. */
export function ShortcutSheet({ onClose }: { readonly onClose: () => void }) {
  const { off } = useKeptShortcuts();
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()}>
      <DialogContent
        width="lg"
        title="Keyboard"
        description="No single key decides: A and D only open a tray, Ctrl or ⌘ with Enter commits it."
      >
        {off && <p className="mb-3 font-medium text-medium">Single-key shortcuts are off in this browser.</p>}
        <div className="grid gap-x-8 gap-y-4 sm:grid-cols-2">
          <div className="grid content-start gap-4">
            <KeyList title="Review" of="Review" />
            <KeyList title="Anywhere" of="Anywhere" />
          </div>
          <div className="grid content-start gap-4">
            <KeyList title="Go to" of="Go to" />
          </div>
        </div>
        <p className="mt-4 border-t pt-3 text-ink-2">
          <Link href="/settings/shortcuts" onClick={onClose} className="link">
            Change keys or switch them off
          </Link>
        </p>
      </DialogContent>
    </Dialog>
  );
}

function KeyList({ title, of }: { readonly title: string; readonly of: CommandGroup }) {
  const { chosen } = useKeptShortcuts();
  const rows = COMMANDS.filter(({ group }) => group === of).flatMap(({ key, what }) => {
    const now = keyOf(chosen, key);
    return now === null ? [] : [{ what, keys: now.split(' ') }];
  });
  const fixed = of === 'Anywhere' ? FIXED_KEYS : [];
  return (
    <section aria-label={title}>
      <h3 className="mb-1 text-2xs text-ink-3">{title}</h3>
      <ul className="grid gap-1">
        {[...rows, ...fixed].map(({ what, keys }) => (
          <li key={what} className="flex items-center gap-2">
            <span className="flex-1">{what}</span>
            <span className="flex gap-1">
              {keys.map((key) => (
                <Kbd key={key} always>
                  {key}
                </Kbd>
              ))}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
