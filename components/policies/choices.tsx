'use client';

import { SafeText } from '#components/safe-text/safe-text.tsx';
import { cx } from '#components/ui/class-names.ts';

type Choice = { readonly key: string; readonly text: string; readonly hint?: string };
type ChoicesProps = {
  readonly id: string;
  readonly label: string;
  readonly choices: readonly Choice[];
  readonly active: number;
  readonly onPick: (at: number) => void;
};

/** The list below a field that completes. The field keeps the focus and names the active one. */
export function Choices({ id, label, choices, active, onPick }: ChoicesProps) {
  return (
    <div
      id={id}
      role="listbox"
      aria-label={label}
      // A box that scrolls is a stop for Tab by itself; leaving the field closes this one under the focus.
      tabIndex={-1}
      className="forced-border absolute inset-x-0 top-full z-20 mt-1 max-h-56 overflow-y-auto rounded-lg border bg-raised p-1 shadow-float"
    >
      {choices.map((choice, at) => (
        // biome-ignore lint/a11y/useFocusableInteractive: the focus stays in the field, which names the active option
        // biome-ignore lint/a11y/useKeyWithClickEvents: the field takes the keys
        <div
          key={choice.key}
          id={`${id}-${at}`}
          role="option"
          aria-selected={at === active}
          // Before the field loses the focus, which would close the list under the pointer.
          onPointerDown={(event) => event.preventDefault()}
          onClick={() => onPick(at)}
          className={cx(
            'flex min-h-7 cursor-default items-baseline gap-3 rounded-md px-2 py-1 hover:bg-sunken',
            at === active && 'bg-accent-soft',
          )}
        >
          <SafeText text={choice.text} className="font-mono text-xs" />
          {choice.hint !== undefined && <span className="ml-auto text-ink-3 text-xs">{choice.hint}</span>}
        </div>
      ))}
    </div>
  );
}
