import type { ReactNode } from 'react';
import { cx } from './class-names.ts';

type PageProps = {
  readonly title: ReactNode;
  readonly intro?: ReactNode;
  readonly actions?: ReactNode;
  readonly width?: 'reading' | 'wide';
  readonly children: ReactNode;
};

/** The frame of an ordinary page: heading, one sentence, what can be done, content. */
export function Page({ title, intro, actions, width = 'wide', children }: PageProps) {
  return (
    <div className={cx('mx-auto px-4 py-5 sm:px-7 sm:py-6', width === 'reading' ? 'max-w-3xl' : 'max-w-6xl')}>
      <div className="mb-5 flex flex-wrap items-start gap-x-4 gap-y-3">
        <div className="min-w-0 flex-1 basis-80">
          <h1 className="font-semibold text-xl tracking-tight">{title}</h1>
          {intro !== undefined && <p className="mt-1 max-w-[72ch] text-pretty text-ink-2">{intro}</p>}
        </div>
        {actions !== undefined && <div className="flex flex-wrap gap-2">{actions}</div>}
      </div>
      {children}
    </div>
  );
}
