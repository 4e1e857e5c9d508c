import Link from 'next/link';
import type { ReactNode } from 'react';
import { Brand } from '#components/shell/brand.tsx';
import { cx } from '#components/ui/class-names.ts';

type Name = { readonly slug: string; readonly title: string };

/** The frame of the documentation: what there is to read, the page, and the way back. Open to whoever has no account yet. */
export function DocFrame({
  pages,
  current,
  children,
}: {
  readonly pages: readonly Name[];
  readonly current: string;
  readonly children: ReactNode;
}) {
  return (
    <div className="min-h-dvh">
      <header className="sticky top-0 z-30 flex min-h-12 items-center gap-4 border-b bg-panel px-4 sm:px-7 [@media(max-height:26rem)]:static">
        <Link prefetch={false} href="/" aria-label="Countersign, to the console" className="target">
          <Brand />
        </Link>
        <span className="ml-auto text-ink-3 text-xs max-xs:hidden">Documentation of this version</span>
        <Link prefetch={false} href="/" className="link target text-sm">
          Console
        </Link>
      </header>
      <div className="mx-auto grid max-w-6xl grid-cols-1 gap-x-10 gap-y-5 px-4 py-5 sm:px-7 desk:grid-cols-[13rem_minmax(0,1fr)]">
        <nav aria-label="Documentation" className="desk:sticky desk:top-16 desk:self-start">
          <ul className="flex flex-wrap gap-x-1 gap-y-0.5 desk:grid">
            {pages.map(({ slug, title }) => (
              <li key={slug}>
                <Link
                  prefetch={false}
                  href={`/docs/${slug}`}
                  aria-current={slug === current ? 'page' : undefined}
                  className={cx(
                    'block rounded-md px-2 py-1 text-sm',
                    slug === current
                      ? 'bg-panel font-semibold ring-1 ring-line'
                      : 'text-ink-2 hover:bg-panel hover:text-ink',
                  )}
                >
                  {title}
                </Link>
              </li>
            ))}
          </ul>
        </nav>
        <main id="main" className="min-w-0 pb-16">
          {children}
        </main>
      </div>
    </div>
  );
}
