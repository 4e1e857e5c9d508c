import type { ReactNode } from 'react';
import { cx } from './class-names.ts';

type KbdProps = {
  /** `inherit` on a filled button: its text colour, no ground of its own. */
  readonly tone?: 'plain' | 'inherit';
  /** Shown on phones too, where a key is otherwise no help. */
  readonly always?: boolean;
  readonly children: ReactNode;
};

/** A key to press, as it is printed on the key. */
export function Kbd({ tone = 'plain', always = false, children }: KbdProps) {
  const face = typeof children === 'string' && children.length === 1 ? children.toUpperCase() : children;
  return (
    <kbd
      className={cx(
        'min-w-5 items-center justify-center rounded-sm border border-b-2 px-1 font-medium text-2xs leading-4',
        always ? 'inline-flex' : 'hidden sm:inline-flex',
        tone === 'plain' ? 'border-line-strong bg-panel text-ink-2' : 'border-current/50',
      )}
    >
      {face}
    </kbd>
  );
}
