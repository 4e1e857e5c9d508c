'use client';

import { Checkbox } from '#components/ui/checkbox.tsx';
import { Dialog, DialogContent } from '#components/ui/dialog.tsx';
import { Kbd } from '#components/ui/kbd.tsx';
import { NAV_GROUPS } from './nav-items.ts';
import { setShortcutsOff, useShortcutsOff } from './shortcuts.ts';

const REVIEW: readonly (readonly [string, readonly string[]])[] = [
  ['Next, previous request', ['j', 'k']],
  ['Open it', ['Enter', 'o']],
  ['Say "I am looking at this"', ['c']],
  ['Select it for a batch', ['x']],
  ['Compare with the last approved', ['f']],
  ['Open the approval tray', ['a']],
  ['Open the denial tray', ['d']],
  ['Ask the next people now', ['e']],
  ['Undo an approval in its window', ['u']],
  ['Commit what the tray says', ['Ctrl', 'Enter']],
  ['Close, go back', ['Esc']],
];

/** The sheet of keys. No single key decides anything. */
export function KeysSheet({
  open,
  onOpenChange,
}: {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
}) {
  const off = useShortcutsOff();
  return (
    <Dialog open={open} onOpenChange={onOpenChange}>
      <DialogContent
        title="Keyboard"
        description="No single key decides: a and d only open a tray, Ctrl or ⌘ with Enter commits it."
      >
        <div className="grid gap-x-8 gap-y-4 sm:grid-cols-2">
          <KeyList title="Review" rows={REVIEW} />
          <KeyList
            title="Go to"
            rows={[
              ['Jump anywhere', ['Ctrl', 'K']],
              ['Stop high-risk tools', ['g', 'k']],
              ...NAV_GROUPS.flatMap((group) => group.items).map((item) => [item.text, ['g', item.key]] as const),
            ]}
          />
        </div>
        <div className="mt-4 border-t pt-3">
          <Checkbox
            checked={!off}
            onCheckedChange={(checked) => setShortcutsOff(checked !== true)}
            label="Single-key shortcuts"
            hint="Switch off if you speak to your computer or a key is pressed by mistake. Kept in this browser."
          />
        </div>
      </DialogContent>
    </Dialog>
  );
}

function KeyList({
  title,
  rows,
}: {
  readonly title: string;
  readonly rows: readonly (readonly [string, readonly string[]])[];
}) {
  return (
    <section>
      <h3 className="mb-1 text-2xs text-ink-3">{title}</h3>
      <ul className="grid gap-1">
        {rows.map(([what, keys]) => (
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
