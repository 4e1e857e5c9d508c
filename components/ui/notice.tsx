import { CircleCheck, Info, OctagonAlert, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { cx } from './class-names.ts';

const TONES = {
  info: { box: 'border-line bg-sunken', icon: 'text-ink-3', Icon: Info },
  warning: { box: 'border-medium-line bg-medium-soft', icon: 'text-medium', Icon: TriangleAlert },
  danger: { box: 'border-high-line bg-high-soft', icon: 'text-high', Icon: OctagonAlert },
  good: { box: 'border-low-line bg-low-soft', icon: 'text-low', Icon: CircleCheck },
} as const;

type NoticeProps = {
  readonly tone?: keyof typeof TONES;
  readonly title?: ReactNode;
  readonly action?: ReactNode;
  /** `alert` interrupts a screen reader, `status` waits; leave out for what was there from the start. */
  readonly role?: 'alert' | 'status';
  readonly className?: string;
  readonly children?: ReactNode;
};

/** Something the reader should know, with its weight shown by icon, word and colour. */
export function Notice({ tone = 'info', title, action, role, className, children }: NoticeProps) {
  const { box, icon, Icon } = TONES[tone];
  return (
    <div role={role} className={cx('flex items-start gap-2.5 rounded-lg border px-3 py-2.5 text-sm', box, className)}>
      <Icon aria-hidden="true" className={cx('mt-px size-4 shrink-0', icon)} />
      <div className="min-w-0 flex-1">
        {title !== undefined && <p className="font-semibold">{title}</p>}
        {children !== undefined && <div className="text-ink-2">{children}</div>}
      </div>
      {action}
    </div>
  );
}
