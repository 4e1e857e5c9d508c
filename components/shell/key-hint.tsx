'use client';

import { Kbd } from '#components/ui/kbd.tsx';
import { useKeptShortcuts } from './kept-shortcuts.ts';
import { keyOf } from './shortcut-keys.ts';

type KeyHintProps = { readonly command: string; readonly tone?: 'plain' | 'inherit' };

/** The key a command has for this person; nothing when it has none. */
export function KeyHint({ command, tone = 'plain' }: KeyHintProps) {
  const key = useShortcutKey(command);
  if (key === null) return null;
  return (
    <>
      {key.split(' ').map((part) => (
        <Kbd key={part} tone={tone}>
          {part}
        </Kbd>
      ))}
    </>
  );
}

/** The same for `aria-keyshortcuts`; undefined when no key is heard. */
export function useAriaKey(command: string): string | undefined {
  return useShortcutKey(command) ?? undefined;
}

function useShortcutKey(command: string): string | null {
  const { off, chosen } = useKeptShortcuts();
  return off ? null : keyOf(chosen, command);
}
