import type { ReactNode } from 'react';
import { cx } from '#components/ui/class-names.ts';

const TONES = {
  danger: 'border-transparent bg-high font-medium text-on-high',
  warning: 'border-medium-line bg-medium-soft text-ink',
  quiet: 'bg-sunken text-ink-2',
} as const;

type StripProps = { readonly tone: keyof typeof TONES; readonly role?: 'alert'; readonly children: ReactNode };

/** One line over every page. */
export function Strip({ tone, role, children }: StripProps) {
  return (
    <div
      role={role}
      className={cx(
        'flex items-start gap-x-2.5 border-b px-4 py-1.5 text-xs [&_svg]:mt-px [&_svg]:size-3.5 [&_svg]:shrink-0',
        TONES[tone],
      )}
    >
      {children}
    </div>
  );
}
